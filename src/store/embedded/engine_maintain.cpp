#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <set>
#include <unistd.h>

#include "base/log.h"
#include "store/embedded/engine.h"
#include "store/embedded/sealer.h"

// Sealing, expiry, recovery and care for the file. All but backup and check run on the committer.
namespace mps::store {
namespace {

constexpr size_t kServersPerTransaction = 16;
constexpr int kExpiredPerTransaction = 200;
constexpr Duration kExpiryInterval = std::chrono::minutes(10);

struct NullVisitor final : JournalVisitor {
  void on_row(GroupId, int64_t, std::span<const uint32_t>, std::span<const Value>) override {}
  void on_text(ServerId, int64_t, std::string_view, std::string_view) override {}
};

Result<void> check_chunk(std::string_view bytes) {
  MPS_TRY(const ChunkView chunk, ChunkView::open(bytes));
  std::vector<Sample> samples;
  for (const uint32_t column : chunk.columns()) {
    samples.clear();
    MPS_TRY_VOID(chunk.read(column, {Timestamp::min(), Timestamp::max()}, samples));
  }
  return {};
}

Result<void> sync_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) return Error{ErrorCode::kIo, fmt::format("{} can't be synced to disk", path.string())};
  return {};
}

}  // namespace

Result<void> Engine::maintain_some() {
  more_due_ = false;
  if (read_only_) {
    if (auto result = storage_.probe(); !result) {
      storage_.roll_back();
      return result;
    }
    log::info("samples can be written again");
    read_only_ = false;
  }
  auto due = due_servers(false);
  if (due.size() > kServersPerTransaction) {
    due.resize(kServersPerTransaction);
    more_due_ = true;
  }
  if (!due.empty()) MPS_TRY_VOID(seal(due));
  MPS_TRY_VOID(expire());
  return storage_.vacuum();
}

std::vector<Server*> Engine::due_servers(bool all) const {
  const std::shared_lock lock(state_mutex_);
  const Timestamp now = clock_.now();
  std::vector<Server*> due, waiting;
  for (const auto& [id, server] : table_.servers()) {
    if (server->head_first_seq == 0) continue;
    const bool ripe =
        all || now - server->head_since >= options_.seal_after || server->head_rows_max >= options_.rows_per_chunk_max;
    (ripe ? due : waiting).push_back(server.get());
  }
  if (head_bytes_ <= options_.head_bytes_max) return due;
  // Too much memory: the oldest heads go, until an eighth is free.
  std::sort(waiting.begin(), waiting.end(),
            [](const Server* a, const Server* b) { return a->head_first_seq < b->head_first_seq; });
  size_t left = head_bytes_;
  for (const Server* server : due) left -= std::min(left, server->head_bytes);
  for (Server* server : waiting) {
    if (left <= options_.head_bytes_max / 8 * 7) break;
    left -= std::min(left, server->head_bytes);
    due.push_back(server);
  }
  return due;
}

// The first journal row that is still needed once `sealed` are sealed.
int64_t Engine::first_needed_seq(std::span<Server* const> sealed) const {
  int64_t first = last_seq_ + 1;
  for (const auto& [id, server] : table_.servers()) {
    if (server->head_first_seq == 0 || std::find(sealed.begin(), sealed.end(), server.get()) != sealed.end()) continue;
    first = std::min(first, server->head_first_seq);
  }
  return first;
}

Result<void> Engine::seal(std::span<Server* const> servers) {
  std::set<std::pair<Server*, int64_t>> changed;  // half-weeks
  const auto write = [&]() -> Result<void> {
    const std::shared_lock lock(state_mutex_);
    MPS_TRY_VOID(storage_.begin());
    for (Server* server : servers) {
      for (const BlockRow& block : seal_server(*server, options_.rows_per_chunk_max)) {
        MPS_TRY_VOID(storage_.insert_block(server->id, block));
        if (!changed.emplace(server, block_span(block.first_time)).second) continue;
        MPS_TRY_VOID(storage_.insert_rollup_due(server->id, block_span(block.first_time)));
      }
      for (const Group* group : server->groups) {
        if (group->head.rows() > 0) MPS_TRY_VOID(storage_.save_group(*group));
      }
      MPS_TRY_VOID(storage_.save_server(*server, last_seq_));
    }
    MPS_TRY_VOID(storage_.delete_journal_before(first_needed_seq(servers)));
    return storage_.commit();
  };
  if (auto result = write(); !result) {
    storage_.roll_back();
    return result;
  }
  const std::unique_lock lock(state_mutex_);
  for (const auto& [server, span] : changed) server->rollup_due[span] = ++changes_;
  for (Server* server : servers) {
    for (Group* group : server->groups) group->head.clear();
    head_bytes_ -= server->head_bytes;
    server->sealed_seq = last_seq_;
    server->head_first_seq = 0;
    server->head_bytes = server->head_rows_max = 0;
  }
  return {};
}

Result<void> Engine::expire() {
  const Timestamp now = clock_.now();
  if (now - expired_at_ < kExpiryInterval && now >= expired_at_) return {};
  const auto before = [now](Duration kept) { return (now - kept).time_since_epoch().count(); };
  storage_.take_changes();
  const auto remove = [&]() -> Result<void> {
    MPS_TRY_VOID(storage_.begin());
    // One more half-week: the rollups of the next one begin with its last samples.
    MPS_TRY_VOID(storage_.expire(Tier::kRaw, (raw_kept_from() - 1) * kBlockSpanNs, kExpiredPerTransaction));
    MPS_TRY_VOID(storage_.expire(Tier::kFiveMinutes, before(options_.five_minute_retention), kExpiredPerTransaction));
    MPS_TRY_VOID(storage_.expire(Tier::kHour, before(options_.hour_retention), kExpiredPerTransaction));
    return storage_.commit();
  };
  if (auto result = remove(); !result) {
    storage_.roll_back();
    return result;
  }
  if (storage_.take_changes() == 0) {
    expired_at_ = now;
  } else {
    more_due_ = true;
  }
  return {};
}

Result<void> Engine::maintain() {
  const auto some = [this]() -> Result<void> {
    do {
      if (auto result = maintain_some(); !result) {
        fail(result.error());
        return result;
      }
    } while (more_due_);
    return {};
  };
  MPS_TRY_VOID(on_committer(some));
  MPS_TRY_VOID(roll_up_due({}));
  return on_committer(some);  // what is rolled up may expire
}

Result<void> Engine::seal_all() {
  return on_committer([this]() -> Result<void> {
    const auto due = due_servers(true);
    for (size_t i = 0; i < due.size(); i += kServersPerTransaction) {
      const auto some = std::span(due).subspan(i, std::min(kServersPerTransaction, due.size() - i));
      if (auto result = seal(some); !result) {
        fail(result.error());
        return result;
      }
    }
    return {};
  });
}

Result<void> Engine::backup(const std::filesystem::path& to) const {
  std::error_code missing;
  if (std::filesystem::exists(to, missing))
    return Error{ErrorCode::kAlreadyExists, fmt::format("{} is already there", to.string())};
  MPS_TRY(const Database database, reader_.connect());
  MPS_TRY(Statement copy, database.prepare("VACUUM INTO ?"));
  const std::string path = to.string();
  MPS_TRY_VOID(copy.bind_text(1, path).run());
  return sync_file(to);
}

std::vector<std::string> Engine::check() const {
  std::vector<std::string> broken;
  const auto note = [&](const Result<void>& result, const std::string& where) {
    if (!result) broken.push_back(where + ": " + result.error().message);
  };
  const auto walk = [&]() -> Result<void> {
    MPS_TRY(const Database database, reader_.connect());
    MPS_TRY(Statement pages, database.prepare("PRAGMA quick_check"));
    for (;;) {
      MPS_TRY(const bool row, pages.step());
      if (!row) break;
      if (pages.bytes(0) != "ok") broken.emplace_back(pages.bytes(0));
    }
    MPS_TRY(Statement journal, database.prepare("SELECT seq, data FROM journal"));
    NullVisitor nobody;
    for (;;) {
      MPS_TRY(const bool record, journal.step());
      if (!record) break;
      note(decode_record(journal.bytes(1), nobody), fmt::format("journal record {}", journal.integer(0)));
    }
    return {};
  };
  note(walk(), options_.path.string());
  const auto result = reader_.each_block([&](int64_t id, ServerId server, Tier, std::string_view data) {
    const std::string where = fmt::format("block {} of server {}", id, static_cast<int64_t>(server));
    const auto chunks = decode_block(data);
    if (!chunks) broken.push_back(where + ": " + chunks.error().message);
    for (size_t i = 0; chunks && i < chunks->size(); ++i) {
      note(check_chunk((*chunks)[i].bytes), fmt::format("{}, group {}", where, (*chunks)[i].group));
    }
  });
  note(result, options_.path.string());
  return broken;
}

}  // namespace mps::store
