#include <algorithm>
#include <set>

#include "base/log.h"
#include "store/embedded/engine.h"
#include "store/embedded/sealer.h"

// Sealing, expiry, recovery and care for the file. All but backup and check run on the committer.
namespace mps::store {
namespace {

constexpr size_t kServersPerTransaction = 4;  // what others wait for
constexpr int kExpiredPerTransaction = 200;
constexpr Duration kExpiryInterval = std::chrono::minutes(10);

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
  MPS_TRY_VOID(trim_journal());
  MPS_TRY_VOID(expire());
  MPS_TRY(const bool more_to_vacuum, storage_.vacuum_some());
  if (more_to_vacuum) more_due_ = true;
  return {};
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

int64_t Engine::first_needed_seq() const {
  const std::shared_lock lock(state_mutex_);
  int64_t first = last_seq_ + 1;
  for (const auto& [id, server] : table_.servers()) {
    if (server->head_first_seq != 0) first = std::min(first, server->head_first_seq);
  }
  if (options_.journal_kept_after) first = std::min(first, options_.journal_kept_after() + 1);
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
    return storage_.commit();
  };
  if (auto result = write(); !result) {
    storage_.roll_back();
    return result;
  }
  {
    const std::unique_lock lock(state_mutex_);
    for (const auto& [server, span] : changed) server->rollup_due[span] = ++changes_;
    for (Server* server : servers) {
      for (Group* group : server->groups) group->head.clear();
      head_bytes_ -= server->head_bytes;
      server->sealed_seq = last_seq_;
      server->head_first_seq = 0;
      server->head_bytes = server->head_rows_max = 0;
    }
  }
  trim_before_ = first_needed_seq();
  return {};
}

// The oldest head may hold back hours of a fleet's journal, which then goes piece by piece.
Result<void> Engine::trim_journal() {
  if (trim_before_ == 0) return {};
  MPS_TRY_VOID(storage_.begin());
  const auto more = storage_.delete_some_journal_before(trim_before_);
  const auto ended = more ? storage_.commit() : Result<void>(more.error());
  if (!ended) {
    storage_.roll_back();
    return ended;
  }
  if (*more) {
    more_due_ = true;
  } else {
    trim_before_ = 0;
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
    MPS_TRY_VOID(storage_.expire(Tier::kFiveMinutes, before(options_.retention.five_minutes), kExpiredPerTransaction));
    MPS_TRY_VOID(storage_.expire(Tier::kHour, before(options_.retention.hour), kExpiredPerTransaction));
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
    do {
      more_due_ = false;
      if (auto result = trim_journal(); !result) {
        fail(result.error());
        return result;
      }
    } while (more_due_);
    return {};
  });
}

Result<void> Engine::backup(const std::filesystem::path& to) const {
  return copy_sample_file(options_.path, to, options_.vfs);
}

std::vector<std::string> Engine::check() const {
  return check_sample_file(options_.path, options_.vfs);
}

}  // namespace mps::store
