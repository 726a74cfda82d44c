#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "service/servers.h"
#include "store/sample_store.h"
#include "wire/parse_result.h"

namespace mps::service {

struct IngestReport {
  size_t values_accepted = 0;
  size_t points_rejected = 0;           // lines or metrics
  std::vector<wire::LineError> errors;  // the first of them, by line
};

// The one way in: parsed points of one request become stored samples of the right servers. Thread-safe.
class Ingest {
 public:
  struct Options {
    Duration future_max = std::chrono::minutes(10);  // stamps further ahead are rejected
  };
  struct Counters {
    std::atomic<uint64_t> requests{0}, values_accepted{0}, points_malformed{0}, points_from_future{0},
        points_without_host{0}, points_over_limit{0}, store_failures{0};
    // Lines and metrics over a limit of wire/limits.h (they are malformed too), and requests over the store's.
    std::atomic<uint64_t> over_line_bytes{0}, over_tags{0}, over_fields{0}, over_name_bytes{0}, over_series{0};
  };
  using Done = std::function<void(Result<IngestReport>)>;

  Ingest(Servers& servers, store::SampleStore& store, const Clock& clock, Options options);

  // Whether the call may wait for the catalog, to register servers that a fleet token names for the first time.
  enum class Waiting { kAllowed, kNever };

  // Good points are stored even where others were bad: then the result is a report with errors. `done` is called once,
  // possibly on another thread, after the good points are durable. Fails with kUnavailable or
  // kLimitExceeded as store::SampleStore::append does, or kUnavailable where new servers can't be registered now.
  // `parsed` is used up by the call, but keeps its memory for whoever clears it. False, with nothing done and `done`
  // not called, where it would have to wait and must not; `done` is moved from otherwise.
  bool write(const IngestIdentity& who, wire::ParseResult&& parsed, Done& done, Waiting waiting);
  void write(const IngestIdentity& who, wire::ParseResult&& parsed, Done done) {
    write(who, std::move(parsed), done, Waiting::kAllowed);
  }

  const Counters& counters() const { return counters_; }

 private:
  void count_refused(const wire::ParseResult& parsed);
  // Sets the server of every point whose host is known, and returns the new hosts.
  std::vector<std::string> find_servers(const IngestIdentity& who, PointBatch& batch, Timestamp latest);
  // Sets the time of every point; takes out those that can't be stored, with a reason.
  void take_out_unusable(const IngestIdentity& who, wire::ParseResult& parsed, Timestamp now);
  void append(const IngestIdentity& who, wire::ParseResult&& parsed, Timestamp now, Done done);
  Error why_no_server(const IngestIdentity& who, const PointBatch& batch, const Point& point) const;

  Servers& servers_;
  store::SampleStore& store_;
  const Clock& clock_;
  Options options_;
  Counters counters_;
};

}  // namespace mps::service
