#pragma once

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>

#include "store/embedded/block_reader.h"
#include "store/embedded/commit_queue.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/group_table.h"
#include "store/embedded/rollup.h"
#include "store/embedded/storage.h"

namespace mps::store {

// EmbeddedStore: see there. Threads: callers encode and query; one committer owns `storage_` and everything that
// changes a head; one ticker wakes it for maintenance by the clock. `table_` is guarded by `state_mutex_`: the
// committer and whoever adds names hold it alone, everybody else shares it.
class Engine final : public EmbeddedStore {
 public:
  Engine(EmbeddedOptions options, Clock& clock, Storage storage);
  ~Engine() override;
  // Reads the names; then starts the threads.
  Result<void> start();

  void append(const PointBatch& batch, Done done) override;
  std::vector<SeriesKey> list_series(ServerId server) const override;
  Result<std::vector<Sample>> read(ServerId server, const SeriesKey& series, TimeRange range) const override;
  Result<std::vector<double>> aggregate(ServerId server, const SeriesKey& series, const Grid& grid,
                                        Aggregate how) const override;
  std::optional<Sample> last(ServerId server, const SeriesKey& series) const override;
  std::vector<Sample> last_two(ServerId server, const SeriesKey& series) const override;
  std::optional<Timestamp> last_seen(ServerId server) const override;
  std::vector<ServerPulse> pulses() const override;
  std::optional<SeriesRef> find(ServerId server, const SeriesKey& series) const override;
  void newest(std::span<const SeriesRef> series, std::span<NewestSamples> out) const override;
  Attributes attributes(ServerId server) const override;
  Result<void> remove_server(ServerId server) override;
  StoreStats stats() const override;
  bool ready() const override { return ready_; }

  Result<void> maintain() override;
  Result<void> seal_all() override;
  Result<void> backup(const std::filesystem::path& to) const override;
  std::vector<std::string> check() const override;

 private:
  // engine_append.cpp
  struct Slices;
  void push(std::string_view request, size_t samples, Done done);
  void append_in_slices(const PointBatch& batch, Done done);
  void push_next(std::shared_ptr<Slices> all);
  // Points of the batch.
  Result<size_t> encode(const PointBatch& batch, std::span<const Point> points, RequestEncoder& encoder);
  bool encode_known(const PointBatch& batch, std::span<const Point> points, RequestEncoder& encoder,
                    size_t& samples) const;
  Result<void> learn_shapes(const PointBatch& batch);

  // engine.cpp: the committer
  void run();
  size_t commit(CommitQueue::Work& work);  // returns how many requests had come meanwhile
  Result<void> write_record(std::string_view record, std::span<const GroupId> groups);
  void apply(int64_t seq, std::string_view record, bool replaying);
  void fail(const Error& error);  // the disk does not take what we write
  Result<void> on_committer(std::function<Result<void>()> job);
  void wait_ready() const;

  // engine_load.cpp
  Result<void> load_names();
  Result<void> load_groups();
  Result<void> load_servers();
  void replay();

  // engine_maintain.cpp
  Result<void> maintain_some();  // a few milliseconds of what is due; more_due_ tells whether there is more
  Result<void> seal(std::span<Server* const> servers);
  Result<void> trim_journal();
  Result<void> expire();
  std::vector<Server*> due_servers(bool all) const;
  int64_t first_needed_seq() const;

  // engine_rollup.cpp: on the ticker's or a caller's thread
  struct DueSpan {
    ServerId server;
    int64_t span;
    uint64_t change;
  };
  std::vector<DueSpan> due_spans() const;
  Result<void> roll_up_due(std::stop_token stop);
  Result<std::vector<BlockRow>> roll_up_span(const DueSpan& due) const;
  Result<void> roll_up_group(ServerId server, GroupId group, size_t series, int64_t span, Tier tier,
                             RollupTable& table) const;
  Result<void> write_rollups(const DueSpan& due, std::span<const BlockRow> blocks);
  Result<std::vector<RollupCell>> read_rollups(ServerId server, Tier tier, GroupId group, uint32_t column,
                                               TimeRange range, StatSet wanted = kAllStats) const;
  struct RawSpans {
    GroupId group = 0;
    uint32_t column = 0;
    std::set<int64_t> spans;
  };
  Result<std::optional<RawSpans>> raw_spans(ServerId server, const SeriesKey& series, Tier tier, TimeRange range) const;
  int64_t raw_kept_from() const;  // the first half-week whose raw samples are all within their retention

  const EmbeddedOptions options_;
  Clock& clock_;
  Storage storage_;
  BlockReader reader_;
  CommitQueue queue_;

  mutable std::shared_mutex state_mutex_;
  GroupTable table_;

  // The committer's own.
  int64_t last_seq_ = 0;
  int64_t trim_before_ = 0;  // journal rows up to there are in chunks, and wait to be deleted; 0: none wait
  bool more_due_ = false;
  Timestamp expired_at_{};
  uint64_t changes_ = 0;  // of half-weeks

  std::mutex rollup_mutex_;  // held by whoever rolls up

  std::atomic<uint64_t> samples_ = 0, commits_ = 0, head_bytes_ = 0;
  std::atomic<bool> ready_ = false, read_only_ = false, seal_wanted_ = false;
  mutable std::mutex trouble_mutex_;
  std::string trouble_;
  mutable std::mutex ready_mutex_;
  mutable std::condition_variable ready_changed_;

  std::jthread ticker_;
  std::thread committer_;
};

}  // namespace mps::store
