#include "store/influxdb/forward_state.h"

#include <fmt/format.h>
#include <limits>

namespace mps::store {
namespace {

constexpr std::array<const char*, 3> kExpiredKeys = {"expired_raw", "expired_5m", "expired_1h"};

constexpr const char* kStateTables = R"(
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS state(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS target(name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS removal(id INTEGER PRIMARY KEY AUTOINCREMENT, server INTEGER NOT NULL, ready INTEGER NOT NULL);
COMMIT;
)";

}  // namespace

Result<ForwardState> ForwardState::open(const std::filesystem::path& path, const std::string& target, Timestamp now) {
  ForwardState state;
  MPS_TRY(state.database_, Database::open(path.string(), "", false));
  MPS_TRY_VOID(state.database_.execute(kStateTables));
  std::string known;
  {
    MPS_TRY(Statement select, state.database_.prepare("SELECT name FROM target"));
    MPS_TRY(const bool row, select.step());
    if (row) known = std::string(select.bytes(0));
    select.reset();
  }
  if (known == target) return state;
  MPS_TRY_VOID(state.database_.execute("DELETE FROM target; DELETE FROM removal;"));
  MPS_TRY_VOID(state.begin_anew(now));
  MPS_TRY(Statement insert, state.database_.prepare("INSERT INTO target(name) VALUES(?)"));
  MPS_TRY_VOID(insert.bind_text(1, target).run());
  return state;
}

Result<void> ForwardState::begin_anew(Timestamp now) {
  is_new_ = true;
  MPS_TRY_VOID(run("DELETE FROM state"));
  MPS_TRY_VOID(set_position(0, now));
  return set("attached_at", now.time_since_epoch().count());
}

Result<void> ForwardState::run(const std::string& sql) {
  const std::lock_guard lock(mutex_);
  return database_.execute(sql.c_str());
}

Result<int64_t> ForwardState::get(const char* key) const {
  const std::lock_guard lock(mutex_);
  return database_.query_integer(fmt::format("SELECT coalesce((SELECT value FROM state WHERE key = '{}'), {})", key,
                                             std::numeric_limits<int64_t>::min() + 1));
}

Result<void> ForwardState::set(const char* key, int64_t value) {
  return run(fmt::format("INSERT OR REPLACE INTO state(key, value) VALUES('{}', {})", key, value));
}

Result<Timestamp> ForwardState::as_of() const {
  MPS_TRY(const int64_t time, get("as_of"));
  return Timestamp(Duration(time));
}

Result<void> ForwardState::set_position(int64_t seq, Timestamp as_of) {
  return run(fmt::format("INSERT OR REPLACE INTO state(key, value) VALUES('position', {}), ('as_of', {})", seq,
                         as_of.time_since_epoch().count()));
}

Result<std::array<int64_t, 3>> ForwardState::expired_before() const {
  std::array<int64_t, 3> times{};
  for (size_t i = 0; i < times.size(); ++i) {
    MPS_TRY(times[i], get(kExpiredKeys[i]));
  }
  return times;
}

Result<void> ForwardState::set_expired_before(const std::array<int64_t, 3>& times_ns) {
  for (size_t i = 0; i < times_ns.size(); ++i) MPS_TRY_VOID(set(kExpiredKeys[i], times_ns[i]));
  return {};
}

Result<int64_t> ForwardState::begin_removal(ServerId server) {
  const std::lock_guard lock(mutex_);
  MPS_TRY_VOID(database_.execute(
      fmt::format("INSERT INTO removal(server, ready) VALUES({}, 0)", static_cast<int64_t>(server)).c_str()));
  return sqlite3_last_insert_rowid(database_.handle());
}

Result<void> ForwardState::make_removal_ready(int64_t id) {
  return run(fmt::format("UPDATE removal SET ready = 1 WHERE id = {}", id));
}

Result<void> ForwardState::end_removal(int64_t id) {
  return run(fmt::format("DELETE FROM removal WHERE id = {}", id));
}

Result<std::vector<ForwardState::Removal>> ForwardState::removals() const {
  const std::lock_guard lock(mutex_);
  std::vector<Removal> removals;
  MPS_TRY(Statement select, database_.prepare("SELECT id, server, ready FROM removal ORDER BY id"));
  for (;;) {
    MPS_TRY(const bool row, select.step());
    if (!row) return removals;
    removals.push_back({select.integer(0), ServerId{select.integer(1)}, select.integer(2) != 0});
  }
}

}  // namespace mps::store
