#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "base/http_client.h"
#include "store/influxdb/influx_url.h"
#include "store/influxdb/query_result.h"

namespace mps::store {

// What became of lines that were sent.
struct WriteAnswer {
  enum class Kind {
    kTaken,
    kRefused,   // never, as they are; of several lines some may have been taken
    kConflict,  // the same, for a field is of another type there
    kTooLarge,  // fewer at a time
    kLater,     // not reached, busy, or not let in: the same again may work
  };
  Kind kind = Kind::kTaken;
  std::string reason = {};
  std::optional<Duration> retry_after = {};  // what InfluxDB asks for
};

// Speaks HTTP with one InfluxDB: 1.x, 2.x or 3 (docs/influxdb.md). Not thread-safe: each thread its own. `stop`, where
// it is given, must outlive the client, and ends what is under way when it becomes true.
class InfluxClient {
 public:
  explicit InfluxClient(InfluxTarget target, const std::atomic<bool>* stop = nullptr)
      : target_(std::move(target)), stop_(stop) {}

  // Lines of line protocol with times in nanoseconds; sent as gzip.
  WriteAnswer write(std::string_view lines);

  // One SELECT or SHOW of InfluxQL; times are nanoseconds. Fails with kUnavailable or kTimeout where InfluxDB is not
  // reached, kUnauthenticated, kNotFound (no such database), kInvalidArgument with InfluxDB's words otherwise.
  Result<InfluxAnswer> query(const std::string& influxql);
  // The same for statements that change something.
  Result<InfluxAnswer> execute(const std::string& influxql);

  // Removes every series whose tag has the value: by InfluxQL in 1.x, by /api/v2/delete in 2.x. Fails with
  // kInvalidArgument where InfluxDB can't (3).
  Result<void> remove_series(std::string_view tag, std::string_view value);

  // "1.6.7", as /ping says; "" where it says nothing. Fails as query does.
  Result<std::string> version();

  const InfluxTarget& target() const { return target_; }

 private:
  HttpRequest request(const char* method, const std::string& path) const;
  Result<HttpResponse> send(const HttpRequest& request);
  Result<InfluxAnswer> ask(const char* method, const std::string& influxql);

  InfluxTarget target_;
  const std::atomic<bool>* stop_;
  HttpClient http_;
};

}  // namespace mps::store
