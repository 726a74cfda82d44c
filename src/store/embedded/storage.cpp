#include "store/embedded/storage.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/log.h"
#include "store/embedded/group_table.h"
#include "store/embedded/journal.h"

namespace mps::store {
namespace {

constexpr int64_t kVersion = 1;
constexpr int64_t kFreePagesKept = 64;  // and a sixteenth of the file: for the journal to come
// What others wait for at most: each page is read, written to the log, and written once more when that is copied.
constexpr int64_t kVacuumPages = 256;
constexpr int64_t kJournalBytesDeleted = 1 << 20;

constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS series_group(id INTEGER PRIMARY KEY AUTOINCREMENT, server INTEGER NOT NULL, name TEXT NOT NULL, columns BLOB NOT NULL, newest BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS journal(seq INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS block(id INTEGER PRIMARY KEY AUTOINCREMENT, server INTEGER NOT NULL, tier INTEGER NOT NULL, first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL, first_group INTEGER NOT NULL, last_group INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS block_by_time ON block(server, tier, first_time, last_time, first_group, last_group);
CREATE TABLE IF NOT EXISTS server_state(server INTEGER PRIMARY KEY, sealed_seq INTEGER NOT NULL, last_seen INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS attribute(server INTEGER NOT NULL, name TEXT NOT NULL, time INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY(server, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rollup_due(server INTEGER NOT NULL, span INTEGER NOT NULL, PRIMARY KEY(server, span)) WITHOUT ROWID;
)";
// What has expired is found without reading the rest: the table is as large as the whole file.
constexpr const char* kExpiryIndex = "CREATE INDEX IF NOT EXISTS block_by_end ON block(tier, last_time);";

}  // namespace

std::string encode_columns(const Group& group) {
  std::string out;
  for (const SeriesColumn& column : group.columns) append_text(out, *column.name);
  return out;
}

std::optional<std::vector<std::string>> decode_columns(std::string_view bytes) {
  std::vector<std::string> columns;
  ByteReader in(bytes);
  while (!in.at_end()) columns.emplace_back(in.text());
  if (!in.ok()) return std::nullopt;
  return columns;
}

std::string encode_newest(const Group& group) {
  std::string out;
  for (const SeriesColumn& column : group.columns) {
    const NewestTwo& newest = column.newest;
    const int count = newest.has(0) ? (newest.has(1) ? 2 : 1) : 0;
    out += static_cast<char>(count);
    for (int i = 0; i < count; ++i) {
      append_varint(out, zigzag(newest.times[i]));
      append_value(out, newest.sample(i).value);
    }
  }
  return out;
}

void decode_newest(std::string_view bytes, Group& group) {
  ByteReader in(bytes);
  for (SeriesColumn& column : group.columns) {
    for (int left = in.byte(); left > 0 && in.ok(); --left) {
      const int64_t time = in.signed_varint();
      const Value value = read_value(in);
      if (in.ok()) column.newest.see(time, value);
    }
  }
}

Result<Storage> Storage::open(const EmbeddedOptions& options) {
  Storage storage;
  MPS_TRY(storage.database_, Database::open(options.path.string(), options.vfs, false));
  MPS_TRY_VOID(storage.make_tables());
  MPS_TRY_VOID(storage.prepare_all());
  return storage;
}

Result<void> Storage::make_tables() {
  MPS_TRY(const int64_t tables, database_.query_integer("SELECT count(*) FROM sqlite_schema"));
  MPS_TRY(const int64_t application, database_.query_integer("PRAGMA application_id"));
  if (tables > 0 && application != kApplicationId) {
    return Error{ErrorCode::kCorrupt,
                 fmt::format("{} is not a sample store", sqlite3_db_filename(database_.handle(), "main"))};
  }
  MPS_TRY(const int64_t version, database_.query_integer("PRAGMA user_version"));
  if (version > kVersion) {
    return Error{ErrorCode::kCorrupt,
                 fmt::format("{} was written by a newer version of MPS (format {}); this one knows {}",
                             sqlite3_db_filename(database_.handle(), "main"), version, kVersion)};
  }
  // Setting auto_vacuum writes even where it says so already: a store must open on a full disk.
  if (tables == 0) MPS_TRY_VOID(database_.execute("PRAGMA auto_vacuum = INCREMENTAL"));
  MPS_TRY_VOID(database_.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -4096;"));
  if (tables > 0) {
    // Files that were written before there was this index get it. Without it expiry is slow, no more, and a store must
    // open on a full disk.
    if (const auto made = database_.execute(kExpiryIndex); !made)
      log::warn("store: no index for expiry: {}", made.error().message);
    return {};
  }
  const std::string sql =
      fmt::format("BEGIN IMMEDIATE; {} {} PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT", kTables,
                  kExpiryIndex, kApplicationId, kVersion);
  return database_.execute(sql.c_str());
}

Result<void> Storage::prepare_all() {
  MPS_TRY(begin_, database_.prepare("BEGIN IMMEDIATE"));
  MPS_TRY(commit_, database_.prepare("COMMIT"));
  MPS_TRY(insert_journal_, database_.prepare("INSERT INTO journal(seq, data) VALUES(?, ?)"));
  MPS_TRY(oldest_journal_, database_.prepare("SELECT seq, length(data) FROM journal WHERE seq < ? ORDER BY seq"));
  MPS_TRY(delete_journal_, database_.prepare("DELETE FROM journal WHERE seq < ?"));
  MPS_TRY(save_group_,
          database_.prepare("INSERT INTO series_group(id, server, name, columns, newest) VALUES(?, ?, ?, ?, ?) "
                            "ON CONFLICT(id) DO UPDATE SET columns = excluded.columns, newest = excluded.newest"));
  MPS_TRY(insert_block_,
          database_.prepare("INSERT INTO block(server, tier, first_time, last_time, first_group, last_group, data) "
                            "VALUES(?, ?, ?, ?, ?, ?, ?)"));
  MPS_TRY(save_server_,
          database_.prepare("INSERT OR REPLACE INTO server_state(server, sealed_seq, last_seen) VALUES(?, ?, ?)"));
  MPS_TRY(save_attribute_,
          database_.prepare("INSERT OR REPLACE INTO attribute(server, name, time, value) VALUES(?, ?, ?, ?)"));
  // span = floor(first_time / kBlockSpanNs)
  MPS_TRY(expire_,
          database_.prepare(fmt::format(
              "DELETE FROM block WHERE id IN (SELECT id FROM block b WHERE tier = ? AND last_time < ? AND (tier > 0 OR "
              "NOT EXISTS (SELECT 1 FROM rollup_due d "
              "WHERE d.server = b.server AND d.span = (b.first_time - (b.first_time < 0) * ({0} - 1)) / {0})) LIMIT ?)",
              kBlockSpanNs)));
  MPS_TRY(insert_rollup_due_, database_.prepare("INSERT OR IGNORE INTO rollup_due(server, span) VALUES(?, ?)"));
  MPS_TRY(delete_rollup_due_, database_.prepare("DELETE FROM rollup_due WHERE server = ? AND span = ?"));
  MPS_TRY(delete_rollups_,
          database_.prepare("DELETE FROM block WHERE server = ? AND tier > 0 AND first_time >= ? AND first_time < ?"));
  return {};
}

void Storage::roll_back() {
  if (database_.in_transaction()) (void)database_.execute("ROLLBACK");
}

Result<void> Storage::insert_journal(int64_t seq, std::string_view record) {
  return insert_journal_.bind(1, seq).bind_blob(2, record).run();
}

Result<bool> Storage::delete_some_journal_before(int64_t seq) {
  oldest_journal_.bind(1, seq);
  int64_t bytes = 0, end = seq;
  bool more = false;
  for (;;) {
    MPS_TRY(const bool row, oldest_journal_.step());
    if (!row) break;
    if (more = bytes > kJournalBytesDeleted; more) {
      end = oldest_journal_.integer(0);
      oldest_journal_.reset();
      break;
    }
    bytes += oldest_journal_.integer(1);
  }
  if (bytes > 0) MPS_TRY_VOID(delete_journal_.bind(1, end).run());
  return more;
}

Result<void> Storage::each_journal(const std::function<void(int64_t, std::string_view)>& visit) {
  MPS_TRY(Statement select, database_.prepare("SELECT seq, data FROM journal ORDER BY seq"));
  for (;;) {
    MPS_TRY(const bool row, select.step());
    if (!row) return {};
    visit(select.integer(0), select.bytes(1));
  }
}

Result<void> Storage::save_group(const Group& group) {
  const std::string name = group_text(group), columns = encode_columns(group), newest = encode_newest(group);
  save_group_.bind(1, group.id).bind(2, static_cast<int64_t>(group.server->id));
  return save_group_.bind_text(3, name).bind_blob(4, columns).bind_blob(5, newest).run();
}

Result<void> Storage::insert_block(ServerId server, const BlockRow& block) {
  insert_block_.bind(1, static_cast<int64_t>(server)).bind(2, static_cast<int64_t>(block.tier));
  insert_block_.bind(3, block.first_time).bind(4, block.last_time).bind(5, block.first_group).bind(6, block.last_group);
  return insert_block_.bind_blob(7, block.data).run();
}

Result<void> Storage::save_server(const Server& server, int64_t sealed_seq) {
  const auto id = static_cast<int64_t>(server.id);
  MPS_TRY_VOID(save_server_.bind(1, id).bind(2, sealed_seq).bind(3, server.last_seen).run());
  for (const auto& [name, attribute] : server.attributes) {
    save_attribute_.bind(1, id).bind_text(2, name).bind(3, attribute.time.time_since_epoch().count());
    MPS_TRY_VOID(save_attribute_.bind_text(4, attribute.value).run());
  }
  return {};
}

Result<void> Storage::remove_server(ServerId server) {
  for (const char* table : {"block", "series_group", "server_state", "attribute", "rollup_due"}) {
    MPS_TRY(Statement remove, database_.prepare(fmt::format("DELETE FROM {} WHERE server = ?", table)));
    MPS_TRY_VOID(remove.bind(1, static_cast<int64_t>(server)).run());
  }
  return {};
}

Result<void> Storage::expire(Tier tier, int64_t before, int rows_max) {
  return expire_.bind(1, static_cast<int64_t>(tier)).bind(2, before).bind(3, rows_max).run();
}

Result<void> Storage::insert_rollup_due(ServerId server, int64_t span) {
  return insert_rollup_due_.bind(1, static_cast<int64_t>(server)).bind(2, span).run();
}

Result<void> Storage::replace_rollups(ServerId server, int64_t span, std::span<const BlockRow> blocks) {
  const auto id = static_cast<int64_t>(server);
  MPS_TRY_VOID(delete_rollups_.bind(1, id).bind(2, span * kBlockSpanNs).bind(3, (span + 1) * kBlockSpanNs).run());
  for (const BlockRow& block : blocks) MPS_TRY_VOID(insert_block(server, block));
  return delete_rollup_due_.bind(1, id).bind(2, span).run();
}

int64_t Storage::take_changes() {
  const int64_t before = std::exchange(changes_seen_, sqlite3_total_changes64(database_.handle()));
  return changes_seen_ - before;
}

Result<void> Storage::probe() {
  MPS_TRY_VOID(begin());
  return database_.execute(
      "INSERT INTO journal(seq, data) VALUES(-1, zeroblob(65536)); DELETE FROM journal WHERE seq = -1; COMMIT");
}

Result<bool> Storage::vacuum_some() {
  MPS_TRY(const int64_t free, database_.query_integer("PRAGMA freelist_count"));
  MPS_TRY(const int64_t pages, database_.query_integer("PRAGMA page_count"));
  const int64_t kept = kFreePagesKept + (pages - free) / 16;
  if (free <= kept + kFreePagesKept) return false;
  const std::string sql = fmt::format("PRAGMA incremental_vacuum({})", std::min(free - kept, kVacuumPages));
  MPS_TRY_VOID(database_.execute(sql.c_str()));
  MPS_TRY(const int64_t left, database_.query_integer("PRAGMA freelist_count"));
  return left < free && left > kept + kFreePagesKept;  // of a file that does not shrink nothing more is asked
}

}  // namespace mps::store
