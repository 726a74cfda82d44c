#include "store/embedded/engine.h"

#include <random>

#include "base/log.h"

namespace mps::store {
namespace {

uint64_t random_seed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

// Puts what a record holds into the heads.
class Applier final : public JournalVisitor {
 public:
  Applier(GroupTable& table, int64_t seq, Timestamp arrived) : table_(table), seq_(seq), arrived_(arrived) {}

  void on_row(GroupId id, int64_t time, std::span<const uint32_t> columns, std::span<const Value> values) override {
    Group* const group = table_.group(id);
    if (group == nullptr || seq_ <= group->server->sealed_seq) return;  // removed, or in chunks already
    for (size_t i = 0; i < values.size(); ++i) {
      const size_t column = columns.empty() ? i : columns[i];
      if (column >= group->columns.size()) return;  // a broken record: its checksum held, so it is our bug
      group->columns[column].newest.see(time, values[i]);
    }
    const size_t bytes_before = group->head.bytes();
    group->head.append(time, columns, values);
    Server& server = *group->server;
    touch(server, time);
    server.head_bytes += group->head.bytes() - bytes_before;
    bytes_ += group->head.bytes() - bytes_before;
    server.head_rows_max = std::max(server.head_rows_max, group->head.rows());
    rows_max_ = std::max(rows_max_, server.head_rows_max);
  }

  void on_text(ServerId id, int64_t time, std::string_view name, std::string_view value) override {
    Server& server = table_.server(id);
    if (seq_ <= server.sealed_seq) return;
    touch(server, time);
    const Timestamp at{Duration(time)};
    auto it = server.attributes.find(name);
    if (it == server.attributes.end()) {
      if (server.attributes.size() >= kAttributesMax) return;
      it = server.attributes.emplace(name, Attribute{at, {}}).first;
    }
    if (at >= it->second.time) it->second = {at, std::string(value)};
  }

  size_t bytes() const { return bytes_; }
  size_t rows_max() const { return rows_max_; }

 private:
  static constexpr size_t kAttributesMax = 1000;  // of a server

  void touch(Server& server, int64_t time) {
    server.last_seen = std::max(server.last_seen, time);
    if (server.head_first_seq != 0) return;
    server.head_first_seq = seq_;
    server.head_since = arrived_;
  }

  GroupTable& table_;
  const int64_t seq_;
  const Timestamp arrived_;
  size_t bytes_ = 0, rows_max_ = 0;
};

}  // namespace

Result<std::unique_ptr<EmbeddedStore>> open_embedded_store(const EmbeddedOptions& options, Clock& clock) {
  MPS_TRY(Storage storage, Storage::open(options));
  auto engine = std::make_unique<Engine>(options, clock, std::move(storage));
  MPS_TRY_VOID(engine->start());
  return std::unique_ptr<EmbeddedStore>(std::move(engine));
}

Engine::Engine(EmbeddedOptions options, Clock& clock, Storage storage)
    : options_(std::move(options)),
      clock_(clock),
      storage_(std::move(storage)),
      reader_(options_),
      queue_(options_.queue_bytes_max),
      table_(random_seed()) {}

Engine::~Engine() {
  ticker_ = {};  // stops and joins
  queue_.stop();
  if (committer_.joinable()) committer_.join();
}

Result<void> Engine::start() {
  MPS_TRY_VOID(load_names());
  committer_ = std::thread([this] { run(); });
  ticker_ = std::jthread([this](std::stop_token stop) {
    while (clock_.sleep_for(options_.maintenance_interval, stop)) {
      queue_.push_task([this] { more_due_ = true; });
      if (ready_ && !read_only_) (void)roll_up_due(stop);  // a failure is in stats().trouble
    }
  });
  return {};
}

void Engine::wait_ready() const {
  if (ready_) return;
  std::unique_lock lock(ready_mutex_);
  ready_changed_.wait(lock, [this] { return ready_.load(); });
}

void Engine::run() {
  replay();
  CommitQueue::Work work;
  Company company;
  for (;;) {
    queue_.take(work, more_due_, company);
    for (auto& [done, answer] : work.answers) done(std::move(answer));
    if (!work.dones.empty()) {
      const size_t waiting = commit(work);
      company.committed(work.dones.size(), waiting, steady_now());
    }
    for (auto& task : work.tasks) task();
    if (work.stopped && work.dones.empty() && work.answers.empty() && work.tasks.empty()) return;
    if (seal_wanted_.exchange(false)) more_due_ = true;
    if (!more_due_ || work.stopped) continue;
    if (const auto result = maintain_some(); !result) fail(result.error());
  }
}

size_t Engine::commit(CommitQueue::Work& work) {
  end_record(work.record);
  std::vector<GroupId> unsaved;
  {
    const std::unique_lock lock(state_mutex_);
    unsaved = table_.take_unsaved();
  }
  const auto result = write_record(work.record, unsaved);
  if (!result) {
    {
      const std::unique_lock lock(state_mutex_);
      table_.put_back_unsaved(unsaved);
    }
    fail(result.error());
    for (auto& done : work.dones) done(Error{ErrorCode::kUnavailable, result.error().message});
    return 0;
  }
  ++last_seq_;
  ++commits_;
  apply(last_seq_, work.record, false);
  const size_t waiting = queue_.waiting();
  for (auto& done : work.dones) done({});
  return waiting;
}

Result<void> Engine::write_record(std::string_view record, std::span<const GroupId> groups) {
  const auto write = [&]() -> Result<void> {
    MPS_TRY_VOID(storage_.begin());
    if (!groups.empty()) {
      const std::shared_lock lock(state_mutex_);
      for (const GroupId id : groups) {
        if (const Group* group = table_.group(id)) MPS_TRY_VOID(storage_.save_group(*group));
      }
    }
    MPS_TRY_VOID(storage_.insert_journal(last_seq_ + 1, record));
    return storage_.commit();
  };
  auto result = write();
  if (!result) storage_.roll_back();
  return result;
}

void Engine::apply(int64_t seq, std::string_view record, bool replaying) {
  // After a restart nobody knows when the samples came; as if they came now, less the time that they may wait at most,
  // halved.
  const Timestamp arrived = replaying ? clock_.now() - options_.seal_after / 2 : clock_.now();
  const std::unique_lock lock(state_mutex_);
  Applier applier(table_, seq, arrived);
  if (const auto result = decode_record(record, applier); !result)
    log::error("journal record {}: {}", seq, result.error().message);
  head_bytes_ += applier.bytes();
  if (applier.rows_max() >= options_.rows_per_chunk_max || head_bytes_ > options_.head_bytes_max) seal_wanted_ = true;
}

void Engine::fail(const Error& error) {
  const std::lock_guard lock(trouble_mutex_);
  trouble_ = "samples can't be written: " + error.message;
  if (!read_only_.exchange(true))
    log::error("{}; reading goes on, writing is tried again every {} s", trouble_,
               std::chrono::duration_cast<std::chrono::seconds>(options_.maintenance_interval).count());
}

Result<void> Engine::on_committer(std::function<Result<void>()> job) {
  auto ended = std::make_shared<std::promise<Result<void>>>();
  auto result = ended->get_future();
  queue_.push_task([ended, job = std::move(job)] { ended->set_value(job()); });
  return result.get();
}

Result<void> Engine::remove_server(ServerId server) {
  return on_committer([this, server]() -> Result<void> {
    const auto remove = [&]() -> Result<void> {
      MPS_TRY_VOID(storage_.begin());
      MPS_TRY_VOID(storage_.remove_server(server));
      Server nothing;  // what the journal still holds of it stays dead after a restart
      nothing.id = server;
      MPS_TRY_VOID(storage_.save_server(nothing, last_seq_));
      return storage_.commit();
    };
    if (auto result = remove(); !result) {
      storage_.roll_back();
      fail(result.error());
      return result;
    }
    const std::unique_lock lock(state_mutex_);
    if (const Server* gone = table_.find_server(server)) head_bytes_ -= gone->head_bytes;
    table_.remove_server(server);
    table_.server(server).sealed_seq = last_seq_;
    return {};
  });
}

StoreStats Engine::stats() const {
  StoreStats stats;
  {
    const std::shared_lock lock(state_mutex_);
    stats.series = table_.series();
  }
  stats.samples_appended = samples_;
  stats.commits = commits_;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(options_.path.string() + suffix, missing);
    if (!missing) stats.bytes_on_disk += size;
  }
  stats.ready = ready_;
  stats.read_only = read_only_;
  const std::lock_guard lock(trouble_mutex_);
  if (stats.read_only) stats.trouble = trouble_;
  return stats;
}

}  // namespace mps::store
