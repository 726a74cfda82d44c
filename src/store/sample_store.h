#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "metric/frame.h"
#include "metric/point.h"
#include "metric/sample.h"
#include "metric/series_key.h"

namespace mps::store {

// How long samples and their rollups are kept.
struct Retention {
  Duration raw = std::chrono::hours(24 * 30);
  Duration five_minutes = std::chrono::hours(24 * 365);
  Duration hour = std::chrono::hours(24 * 365 * 5);
};
// For whoever looks into a store without being its hub: nothing expires meanwhile.
inline constexpr Retention kKeepAll{std::chrono::hours(24 * 36500), std::chrono::hours(24 * 36500),
                                    std::chrono::hours(24 * 36500)};

// What an engine can't do, for people.
struct StoreLimit {
  std::string_view what, why;
};

// How far samples have been sent on to another database (store/influxdb).
struct ForwardingStats {
  std::string target;                                  // its URL without secrets
  Timestamp as_of{};                                   // what was acknowledged until then is there
  bool behind = false;                                 // something waits
  uint64_t samples_waiting = 0, bytes_waiting = 0;     // of the journal, when last looked at
  uint64_t samples_sent = 0, samples_rejected = 0;     // since start, as are these:
  uint64_t batches_sent = 0, retries = 0;              // requests it took; attempts that failed and are made again
  std::optional<Timestamp> last_error_at;              // of an attempt, or of samples that it will never take
  std::string trouble;                                 // why something waits; empty where all is well
  std::chrono::steady_clock::time_point reached_at{};  // when it has confirmed something, last

  // How long the oldest sample that waits has waited.
  Duration oldest_waits(Timestamp now) const { return behind && now > as_of ? now - as_of : Duration::zero(); }
};

struct StoreStats {
  std::string_view engine = "embedded";
  uint64_t series = 0;            // known, of all servers
  uint64_t samples_appended = 0;  // since start
  uint64_t commits = 0;
  uint64_t bytes_on_disk = 0;
  bool ready = true;       // false while the journal is replayed
  bool read_only = false;  // the disk is full or failing; queries go on
  std::string trouble;     // why read_only, or what is late or missing, for people; empty where all is well
  std::optional<ForwardingStats> forwarding = {};
};

// A text that a server has sent, and when.
struct Attribute {
  Timestamp time{};
  std::string value;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};
using Attributes = std::map<std::string, Attribute>;  // by measurement and field: "system uptime_format"

// For those who look at many series often: a series by its place in the store, for as long as this process lives, and
// what they see there.
struct SeriesRef {
  uint32_t group = 0;
  uint32_t column = 0;
};
struct NewestSamples {
  int count = 0;      // 0 to 2
  Sample newest{};    // where count > 0
  Sample before{};    // where count > 1
  uint32_t late = 0;  // changes when a sample came that was older than the newest, or changed it
};
struct ServerPulse {
  ServerId server{};
  size_t series = 0;  // that it has: where this has changed, there are new ones
  std::optional<Timestamp> last_seen;
};

// Where samples live. One engine of it runs at a time; all methods are thread-safe.
//
// For each series the last write of a (series, time) wins, in every query. Late samples are sorted in. Text fields are
// kept as attributes of the server, not as series.
class SampleStore {
 public:
  using Done = std::function<void(Result<void>)>;

  virtual ~SampleStore() = default;

  // Durably appends every point of `batch` (its `server` and `time` set): `done` is called once, on another thread,
  // when after a crash all of it would be readable, or with an error. The batch and the texts it views are not used
  // after append returns. Fails with kUnavailable when the queue is full or the store is read-only: append all of it
  // again later (of a large batch a part may be there already, and is the same then); with kLimitExceeded, and none of
  // it stored, when a server would pass its number of series.
  virtual void append(const PointBatch& batch, Done done) = 0;

  // All series of a server, sorted by key.
  virtual std::vector<SeriesKey> list_series(ServerId server) const = 0;

  // The samples of one series in the range, in order of time. Empty where there is no such series.
  virtual Result<std::vector<Sample>> read(ServerId server, const SeriesKey& series, TimeRange range) const = 0;

  // One value per cell of the grid, NaN where nothing is known. kRate is per second from the increases of a counter
  // within and into the cell; a fall counts as a reset to zero; a gap of over 5 min (or two cells, if longer) between
  // samples gives no rate.
  virtual Result<std::vector<double>> aggregate(ServerId server, const SeriesKey& series, const Grid& grid,
                                                Aggregate how) const = 0;

  // The newest sample of a series.
  virtual std::optional<Sample> last(ServerId server, const SeriesKey& series) const = 0;

  // The newest two samples (older first), for the rate of a counter now. Fewer where there are fewer.
  virtual std::vector<Sample> last_two(ServerId server, const SeriesKey& series) const = 0;

  // The time of the newest sample of the server.
  virtual std::optional<Timestamp> last_seen(ServerId server) const = 0;

  // Every server that has sent something, in no order.
  virtual std::vector<ServerPulse> pulses() const = 0;
  virtual std::optional<SeriesRef> find(ServerId server, const SeriesKey& series) const = 0;
  // The newest two samples of each series, in `out`, which is as long; count 0 where the server was removed.
  virtual void newest(std::span<const SeriesRef> series, std::span<NewestSamples> out) const = 0;

  // The last value of each text field: "system uptime_format" -> "14 days, 11:07".
  virtual Attributes attributes(ServerId server) const = 0;

  // Removes everything of a server, for ever.
  virtual Result<void> remove_server(ServerId server) = 0;

  virtual StoreStats stats() const = 0;

  // What this engine can't do: one table for all who show it.
  virtual std::span<const StoreLimit> limits() const { return {}; }

  // stats().ready alone, at once.
  virtual bool ready() const = 0;

  // append, waiting for the end of it.
  Result<void> append_and_wait(const PointBatch& batch);
};

}  // namespace mps::store
