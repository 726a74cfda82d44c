#pragma once

#include <array>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "metric/sample.h"
#include "store/embedded/database.h"

namespace mps::store {

// What is remembered of one InfluxDB beside the samples (docs/format/influxdb.md): how far the journal has been sent
// there, since when samples are kept in the data folder, and which servers are still to be removed there. A file of its
// own, which a backup leaves out: restored samples are then sent once more, which changes nothing. Thread-safe.
class ForwardState {
 public:
  // Makes the file where it is missing. `target` (without secrets) is whom it is about; for another one than the file
  // was made for, it begins anew. Fails with kIo, kCorrupt.
  static Result<ForwardState> open(const std::filesystem::path& path, const std::string& target, Timestamp now);
  ForwardState(ForwardState&& other) noexcept : database_(std::move(other.database_)), is_new_(other.is_new_) {}

  bool is_new() const { return is_new_; }

  // The journal is sent up to and with this record, and so is what was acknowledged until `as_of`.
  Result<int64_t> position() const { return get("position"); }
  Result<Timestamp> as_of() const;
  Result<void> set_position(int64_t seq, Timestamp as_of);
  // Older samples may be in InfluxDB alone: the folder was new to it then.
  Result<int64_t> attached_at() const { return get("attached_at"); }
  Result<void> begin_anew(Timestamp now);

  // Up to when samples and rollups (by tier) have expired here, by the shortest retention that was ever in force.
  Result<std::array<int64_t, 3>> expired_before() const;
  Result<void> set_expired_before(const std::array<int64_t, 3>& times_ns);

  // A server that is to be removed from InfluxDB. Begun before its samples go from here, ready when they have gone.
  struct Removal {
    int64_t id;
    ServerId server;
    bool ready;
  };
  Result<int64_t> begin_removal(ServerId server);
  Result<void> make_removal_ready(int64_t id);
  Result<void> end_removal(int64_t id);
  Result<std::vector<Removal>> removals() const;

 private:
  ForwardState() = default;
  Result<int64_t> get(const char* key) const;
  Result<void> set(const char* key, int64_t value);
  Result<void> run(const std::string& sql);

  mutable std::mutex mutex_;
  Database database_;
  bool is_new_ = false;
};

}  // namespace mps::store
