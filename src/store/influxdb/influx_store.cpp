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
constexpr Duration kRunOfRaw = std::chrono::hours(24 * 7);  // raw samples of one series that are in memory at once

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
  std::map<std::string, std::string> attributes(ServerId server) const override {
    return embedded_->attributes(server);
  }
  Result<void> remove_server(ServerId server) override;
  StoreStats stats() const override;
  bool ready() const override { return embedded_->ready(); }

  EmbeddedStore& embedded() override { return *embedded_; }
  bool wait_until_sent() override { return forwarder_.wait_until_sent(); }
  ForwarderStats forwarder_stats() const override { return forwarder_.stats(); }

 private:
  Result<void> finish_removals();
  std::array<int64_t, 3> expired_now() const;
  void remember_expiry() const;
  Timestamp here_from(Tier tier) const;
  Result<void> add_older(ServerId server, const SeriesKey& series, const Grid& grid, Aggregate how,
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
  forwarder_.start(std::move(reader), position);
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

Result<std::vector<Sample>> InfluxEngine::read(ServerId server, const SeriesKey& series, TimeRange range) const {
  MPS_TRY(auto here, embedded_->read(server, series, range));
  const TimeRange older{range.from, std::min(range.to, here_from(Tier::kRaw))};
  if (older.empty() || !embedded_->find(server, series)) return here;
  MPS_TRY(const auto removals, state_.removals());
  for (const auto& removal : removals) {
    if (removal.server == server) return here;  // what is there still is not to be seen any more
  }
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
  GridAggregator aggregator(older, how);
  MPS_TRY_VOID(add_older(server, series, older, how, aggregator));
  const auto found = aggregator.values();
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i] == found[i]) values[i] = found[i];  // NaN: nothing is known there
  }
  return values;
}

Result<void> InfluxEngine::add_older(ServerId server, const SeriesKey& series, const Grid& grid, Aggregate how,
                                     GridAggregator& aggregator) const {
  const Duration step_before = how == Aggregate::kRate ? rate_gap_max(grid.step) : Duration::zero();
  for (Timestamp from = grid.start; from < grid.end();) {
    const Timestamp to = grid.end() - from > kRunOfRaw ? from + kRunOfRaw : grid.end();
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
  const ForwarderStats sent = forwarder_.stats();
  stats.remote = options_.target.shown();
  stats.remote_as_of = sent.as_of;
  stats.remote_bytes_waiting = sent.behind ? sent.bytes_waiting : 0;
  stats.remote_sent = sent.samples_sent;
  stats.remote_refused = sent.samples_refused;
  const std::string unread = history_.trouble(sent.reached_at);
  if (stats.trouble.empty() && !sent.trouble.empty()) {
    stats.trouble = fmt::format("{} has everything as of {}, {} wait: {}", stats.remote, format_rfc3339(sent.as_of),
                                format_bytes(static_cast<double>(sent.bytes_waiting)), sent.trouble);
  } else if (stats.trouble.empty() && !unread.empty()) {
    stats.trouble = fmt::format("{} is not read, history before {} is missing: {}", stats.remote,
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

std::vector<std::string> influx_limits() {
  return {
      "texts (attributes) stay in the data folder; InfluxDB gets figures alone",
      "a sample that is repeated with another type leaves both in InfluxDB; the later type is read",
      "unsigned integers are signed ones of the same bits in InfluxDB, in a field whose name ends in ':u'",
      "times beyond the years 1677 to 2262, and before the retention of the database, are refused by InfluxDB",
      "InfluxDB 3 can't remove a server's history; it ends with the retention there",
  };
}

}  // namespace mps::store
