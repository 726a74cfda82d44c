#include "store/embedded/block_reader.h"

#include "base/log.h"

namespace mps::store {
namespace {

constexpr size_t kIdleMax = 4;
constexpr const char* kSelect =
    "SELECT id, data FROM block WHERE server = ?1 AND tier = ?2 AND first_time > ?3 AND first_time < ?4 AND last_time "
    ">= ?5 "
    "AND first_group <= ?6 AND last_group >= ?6 ORDER BY id";

int64_t saturating_minus(int64_t a, int64_t b) {
  int64_t out;
  return __builtin_sub_overflow(a, b, &out) ? INT64_MIN : out;
}

Result<void> visit_group(std::string_view block, GroupId group, const BlockReader::VisitChunk& visit) {
  MPS_TRY(const auto chunks, decode_block(block));
  for (const GroupChunk& chunk : chunks) {
    if (chunk.group != group) continue;
    MPS_TRY(const ChunkView view, ChunkView::open(chunk.bytes));
    MPS_TRY_VOID(visit(view));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<BlockReader::Connection>> BlockReader::take() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto connection = std::make_unique<Connection>();
  MPS_TRY(connection->database, Database::open(options_.path.string(), options_.vfs, true));
  MPS_TRY_VOID(connection->database.execute("PRAGMA cache_size = -512"));
  MPS_TRY(connection->select, connection->database.prepare(kSelect));
  return connection;
}

void BlockReader::give_back(std::unique_ptr<Connection> connection) const {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleMax) idle_.push_back(std::move(connection));
}

Result<void> BlockReader::read(ServerId server, Tier tier, GroupId group, TimeRange range,
                               const VisitChunk& visit) const {
  const int64_t from = range.from.time_since_epoch().count(), to = range.to.time_since_epoch().count();
  MPS_TRY(auto connection, take());
  Statement& select = connection->select;
  select.bind(1, static_cast<int64_t>(server)).bind(2, static_cast<int64_t>(tier));
  select.bind(3, saturating_minus(from, kBlockSpanNs)).bind(4, to).bind(5, from).bind(6, group);
  for (;;) {
    MPS_TRY(const bool row, select.step());
    if (!row) break;
    const auto result = visit_group(select.bytes(1), group, visit);
    if (!result)
      log::error("block {} of server {}, group {}: {}", select.integer(0), static_cast<int64_t>(server), group,
                 result.error().message);
  }
  give_back(std::move(connection));
  return {};
}

}  // namespace mps::store
