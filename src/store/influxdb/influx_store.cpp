#include "store/influxdb/influx_store.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "store/embedded/aggregate.h"
#include "store/embedded/rollup.h"
#include "store/influxdb/influx_history.h"

namespace mps::store {
namespace {

constexpr Duration kRememberExpiry = std::chrono::hours(1);
// From this step on a cell holds so many samples that InfluxDB is asked for cells.
constexpr Duration kStepThere = std::chrono::minutes(1);
constexpr Duration kRunOfRaw = std::chrono::hours(24 * 7);  // raw samples of one series that are in memory at once

// docs/influxdb.md has the same rows.
constexpr StoreLimit kLimits[] = {
    {"texts (attributes) are sent by `mps migrate` alone",
     "figures alone are series, and the journal's way to InfluxDB"},
    {"a sample that is repeated with another type leaves both there; the one in the field with an ending is read",
     "InfluxDB keeps one type a field"},
    {"unsigned integers are signed ones of the same bits, in a field NAME:u",
     "1.x has no unsigned type as it is built"},
    {"samples that InfluxDB refuses (before its retention, beyond its limits of series) are in the data folder alone",
     "they would hold up all others; they are counted and logged"},
    {"the history of a server that is removed stays in InfluxDB 3", "3 has no way; the retention there ends it"},
    {"history is missing from queries while InfluxDB is away", "it is read there, once it has expired here"},
};

Timestamp at_ns(int64_t time) {
  return Timestamp(Duration(time));
}

class InfluxEngine final : public InfluxStore {
 public:
  InfluxEngine(InfluxOptions options, Clock& clock, ForwardState state)
      : options_(std::move(options)),
        clock_(clock),
        state_(std::move(state)),
        history_(options_.target, types_),
        forwarder_(options_.forwarder, options_.target, state_, types_, clock) {}
  ~InfluxEngine() override {
    if (embedded_) remember_expiry();
    history_.stop();
    forwarder_.stop();
  }

  Result<void> open();

  void append(const PointBatch& batch, Done done) override {
    embedded_->append(batch, [this, done = std::move(done)](Result<void> how) {
      if (how) forwarder_.wake();  // first: whoever waits for what they appended to be sent has heard of it then
      done(std::move(how));
    });
  }
  std::vector<SeriesKey> list_series(ServerId server) const override { return embedded_->list_series(server); }
  Result<std::vector<Sample>> read(ServerId server, const SeriesKey& series, TimeRange range) const override;
  Result<std::vector<double>> aggregate(ServerId server, const SeriesKey& series, const Grid& grid,
                                        Aggregate how) const override;
  std::optional<Sample> last(ServerId server, const SeriesKey& series) const override {
    return embedded_->last(server, series);
  }
  std::vector<Sample> last_two(ServerId server, const SeriesKey& series) const override {
    return embedded_->last_two(server, series);
  }
  std::optional<Timestamp> last_seen(ServerId server) const override { return embedded_->last_seen(server); }
  std::vector<ServerPulse> pulses() const override { return embedded_->pulses(); }
  std::optional<SeriesRef> find(ServerId server, const SeriesKey& series) const override {
    return embedded_->find(server, series);
  }
  void newest(std::span<const SeriesRef> series, std::span<NewestSamples> out) const override {
    embedded_->newest(series, out);
  }
  Attributes attributes(ServerId server) const override { return embedded_->attributes(server); }
  Result<void> remove_server(ServerId server) override;
  StoreStats stats() const override;
  std::span<const StoreLimit> limits() const override { return kLimits; }
  bool ready() const override { return embedded_->ready(); }

  EmbeddedStore& embedded() override { return *embedded_; }
  bool wait_until_sent() override { return forwarder_.wait_until_sent(); }
  ForwardingStats forwarding() const override { return forwarder_.stats(); }

 private:
  Result<void> finish_removals();
  std::array<int64_t, 3> expired_now() const;
  void remember_expiry() const;
  Timestamp here_from(Tier tier) const;
  Result<bool> sees_there(ServerId server, const SeriesKey& series) const;
  Result<std::vector<double>> older_cells(ServerId server, const SeriesKey& series, const Grid& grid,
                                          Aggregate how) const;
  Result<std::vector<bool>> cells_with_samples(ServerId server, const SeriesKey& series, const Grid& grid) const;
  Result<void> add_samples(ServerId server, const SeriesKey& series, TimeRange range, Duration step_before,
                           GridAggregator& aggregator) const;

  const InfluxOptions options_;
  Clock& clock_;
  mutable ForwardState state_;  // thread-safe
  FieldTypes types_;
  InfluxHistory history_;
  Forwarder forwarder_;  // outlives the embedded store, whose last answers wake it
  int64_t attached_at_ = 0;
  std::array<int64_t, 3> expired_before_{};  // by a shorter retention that was in force before
  mutable std::atomic<int64_t> remembered_at_ = 0;
  std::unique_ptr<EmbeddedStore> embedded_;
};

Result<void> InfluxEngine::open() {
  EmbeddedOptions embedded = options_.embedded;
  embedded.journal_kept_after = [this] { return forwarder_.position(); };
  MPS_TRY(embedded_, open_embedded_store(embedded, clock_));
  MPS_TRY(JournalReader reader, JournalReader::open(embedded.path));
  MPS_TRY(const auto extent, reader.extent());
  MPS_TRY(int64_t position, state_.position());
  if (position > extent.last) {  // these are other samples: a folder that was restored, or begun anew
    MPS_TRY_VOID(state_.begin_anew(clock_.now()));
    position = 0;
  }
  const int64_t first = extent.first == 0 ? extent.last + 1 : extent.first;
  if (!state_.is_new() && position + 1 < first)
    log::warn("samples came while another store was in use; `mps migrate` brings them to {}", options_.target.shown());
  MPS_TRY(attached_at_, state_.attached_at());
  MPS_TRY(expired_before_, state_.expired_before());
  remember_expiry();
  MPS_TRY_VOID(finish_removals());
  MPS_TRY(const Timestamp as_of, state_.as_of());
  forwarder_.start(std::move(reader), position, as_of);
  return {};
}

// What was removed here when the process ended is removed there too; where it was not, the caller has heard no success.
Result<void> InfluxEngine::finish_removals() {
  MPS_TRY(const auto removals, state_.removals());
  for (const auto& removal : removals) {
    if (removal.ready) continue;
    if (embedded_->list_series(removal.server).empty()) {
      MPS_TRY_VOID(state_.make_removal_ready(removal.id));
    } else {
      MPS_TRY_VOID(state_.end_removal(removal.id));
    }
  }
  return {};
}

std::array<int64_t, 3> InfluxEngine::expired_now() const {
  const Retention& kept = options_.embedded.retention;
  const std::array<Duration, 3> durations = {kept.raw, kept.five_minutes, kept.hour};
  std::array<int64_t, 3> expired = expired_before_;
  for (size_t i = 0; i < durations.size(); ++i)
    expired[i] = std::max(expired[i], (clock_.now() - durations[i]).time_since_epoch().count());
  return expired;
}

// For whoever opens the folder with another retention.
void InfluxEngine::remember_expiry() const {
  remembered_at_ = clock_.now().time_since_epoch().count();
  if (const auto kept = state_.set_expired_before(expired_now()); !kept) log::warn("{}", kept.error().message);
}

// From when on the embedded store has everything that a query of this tier needs.
Timestamp InfluxEngine::here_from(Tier tier) const {
  return std::max(at_ns(expired_now()[static_cast<size_t>(tier)]), at_ns(attached_at_));
}

// Whether what is there of it is to be seen: not of a server that is still to be removed there.
Result<bool> InfluxEngine::sees_there(ServerId server, const SeriesKey& series) const {
  if (!embedded_->find(server, series)) return false;
  MPS_TRY(const auto removals, state_.removals());
  return std::none_of(removals.begin(), removals.end(), [&](const auto& removal) { return removal.server == server; });
}

Result<std::vector<Sample>> InfluxEngine::read(ServerId server, const SeriesKey& series, TimeRange range) const {
  MPS_TRY(auto here, embedded_->read(server, series, range));
  const TimeRange older{range.from, std::min(range.to, here_from(Tier::kRaw))};
  if (older.empty()) return here;
  MPS_TRY(const bool there, sees_there(server, series));
  if (!there) return here;
  auto samples = history_.read(server, series, older);
  if (!samples) {
    log::debug("history of {}: {}", series.to_string(), samples.error().message);  // stats() says so
    return here;
  }
  // What is here was written last, for what was older has gone as whole half-weeks.
  samples->insert(samples->end(), here.begin(), here.end());
  keep_last_written(*samples);
  return samples;
}

Result<std::vector<double>> InfluxEngine::aggregate(ServerId server, const SeriesKey& series, const Grid& grid,
                                                    Aggregate how) const {
  MPS_TRY(auto values, embedded_->aggregate(server, series, grid, how));
  const Timestamp here = here_from(choose_tier(grid));
  Grid older = grid;  // the cells that begin before that
  if (here <= grid.start || grid.size == 0) return values;
  if (here < grid.end()) older.size = static_cast<size_t>((here - grid.start + grid.step - Duration(1)) / grid.step);
  MPS_TRY(const auto found, older_cells(server, series, older, how));
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i] == found[i]) values[i] = found[i];  // NaN: nothing is known there
  }
  return values;
}

// InfluxDB reckons them where that comes to the same; the others come of the samples.
Result<std::vector<double>> InfluxEngine::older_cells(ServerId server, const SeriesKey& series, const Grid& grid,
                                                      Aggregate how) const {
  CellsThere cells(grid.size);
  cells.leave_all();
  MPS_TRY(const bool there, sees_there(server, series));
  if (there && grid.step >= kStepThere && how != Aggregate::kRate) {
    MPS_TRY(const auto here, cells_with_samples(server, series, grid));
    if (std::find(here.begin(), here.end(), false) != here.end()) {
      if (auto found = history_.aggregate(server, series, grid, how)) {
        cells = std::move(*found);
      } else {
        log::debug("cells of {}: {}", series.to_string(), found.error().message);
      }
    }
    for (size_t i = 0; i < grid.size; ++i) cells.left[i] = cells.left[i] || here[i];
  }
  GridAggregator aggregator(grid, how);
  const Duration step_before = how == Aggregate::kRate ? rate_gap_max(grid.step) : Duration::zero();
  for (size_t begin = 0; begin < grid.size; ++begin) {
    size_t end = begin;
    while (end < grid.size && cells.left[end]) ++end;
    if (end == begin) continue;
    MPS_TRY_VOID(add_samples(server, series, {grid.time_at(begin), grid.time_at(end)}, step_before, aggregator));
    begin = end;
  }
  const auto of_samples = aggregator.values();
  for (size_t i = 0; i < grid.size; ++i) {
    if (cells.left[i]) cells.values[i] = of_samples[i];
  }
  return std::move(cells.values);
}

// Where the data folder has samples too, which may be newer than those in InfluxDB, or not be there yet.
Result<std::vector<bool>> InfluxEngine::cells_with_samples(ServerId server, const SeriesKey& series,
                                                           const Grid& grid) const {
  std::vector<bool> cells(grid.size);
  MPS_TRY(const auto here, embedded_->read(server, series, grid.range()));
  for (const Sample& sample : here) cells[static_cast<size_t>((sample.time - grid.start) / grid.step)] = true;
  return cells;
}

Result<void> InfluxEngine::add_samples(ServerId server, const SeriesKey& series, TimeRange range, Duration step_before,
                                       GridAggregator& aggregator) const {
  for (Timestamp from = range.from; from < range.to;) {
    const Timestamp to = range.to - from > kRunOfRaw ? from + kRunOfRaw : range.to;
    MPS_TRY(const auto samples, read(server, series, {from - step_before, to}));
    aggregator.add(samples, {from, to});
    from = to;
  }
  return {};
}

Result<void> InfluxEngine::remove_server(ServerId server) {
  MPS_TRY(const int64_t removal, state_.begin_removal(server));
  if (auto removed = embedded_->remove_server(server); !removed) {
    (void)state_.end_removal(removal);
    return removed;
  }
  MPS_TRY_VOID(state_.make_removal_ready(removal));
  forwarder_.wake();
  return {};
}

StoreStats InfluxEngine::stats() const {
  if (clock_.now() - at_ns(remembered_at_) > kRememberExpiry) remember_expiry();
  StoreStats stats = embedded_->stats();
  stats.engine = "influxdb";
  const ForwardingStats& sent = stats.forwarding.emplace(forwarder_.stats());
  const std::string unread = history_.trouble(sent.reached_at);
  if (stats.trouble.empty() && !sent.trouble.empty()) {
    stats.trouble =
        fmt::format("{} has everything as of {}; {} samples ({}) wait: {}", sent.target, format_rfc3339(sent.as_of),
                    sent.samples_waiting, format_bytes(static_cast<double>(sent.bytes_waiting)), sent.trouble);
  } else if (stats.trouble.empty() && !unread.empty()) {
    stats.trouble = fmt::format("{} is not read, history before {} is missing: {}", sent.target,
                                format_rfc3339(here_from(Tier::kRaw)), unread);
  }
  return stats;
}

}  // namespace

Result<std::unique_ptr<InfluxStore>> open_influx_store(const InfluxOptions& options, Clock& clock) {
  MPS_TRY(ForwardState state, ForwardState::open(options.state_path, options.target.shown(), clock.now()));
  auto engine = std::make_unique<InfluxEngine>(options, clock, std::move(state));
  MPS_TRY_VOID(engine->open());
  return std::unique_ptr<InfluxStore>(std::move(engine));
}

}  // namespace mps::store
