#include <algorithm>

#include "store/embedded/engine.h"
#include "store/embedded/sealer.h"

// Rolling up complete half-weeks, and queries that read the result.
namespace mps::store {
namespace {

constexpr Duration kGrace = std::chrono::hours(1);  // for agents that send late
constexpr size_t kSeriesAtOnce = 8;                 // whose samples are in memory

TimeRange range_of(int64_t span) {
  return {Timestamp(Duration(span * kBlockSpanNs)), Timestamp(Duration((span + 1) * kBlockSpanNs))};
}

int64_t span_of(Timestamp time) {
  return block_span(time.time_since_epoch().count());
}

}  // namespace

int64_t Engine::raw_kept_from() const {
  return span_of(clock_.now() - options_.retention.raw);
}

std::vector<Engine::DueSpan> Engine::due_spans() const {
  const Timestamp complete = clock_.now() - kGrace;
  std::vector<DueSpan> due;
  const std::shared_lock lock(state_mutex_);
  for (const auto& [id, server] : table_.servers()) {
    for (const auto& [span, change] : server->rollup_due) {
      if (range_of(span).to <= complete) due.push_back({server->id, span, change});
    }
  }
  return due;
}

Result<void> Engine::roll_up_due(std::stop_token stop) {
  const std::lock_guard one_at_a_time(rollup_mutex_);
  for (const DueSpan& due : due_spans()) {
    if (stop.stop_requested()) return {};
    MPS_TRY(const auto blocks, roll_up_span(due));
    MPS_TRY_VOID(on_committer([&] { return write_rollups(due, blocks); }));
  }
  return {};
}

Result<std::vector<BlockRow>> Engine::roll_up_span(const DueSpan& due) const {
  std::vector<std::pair<GroupId, size_t>> groups;  // with the number of series
  {
    const std::shared_lock lock(state_mutex_);
    const Server* const server = table_.find_server(due.server);
    if (server == nullptr) return std::vector<BlockRow>();
    for (const Group* group : server->groups) groups.emplace_back(group->id, group->columns.size());
  }
  std::vector<BlockRow> blocks;
  for (const Tier tier : {Tier::kFiveMinutes, Tier::kHour}) {
    BlockPacker packer(tier);
    for (const auto& [group, series] : groups) {
      RollupTable table;
      MPS_TRY_VOID(roll_up_group(due.server, group, series, due.span, tier, table));
      if (table.empty()) continue;
      const RowTable rows = table.table();
      packer.add(group, rows.times.front(), rows.times.back(), encode_chunk(rows, 0, rows.times.size()));
    }
    auto packed = packer.finish();
    std::move(packed.begin(), packed.end(), std::back_inserter(blocks));
  }
  return blocks;
}

Result<void> Engine::roll_up_group(ServerId server, GroupId group, size_t series, int64_t span, Tier tier,
                                   RollupTable& table) const {
  const TimeRange range = range_of(span);
  const TimeRange with_step_before{range.from - rate_gap_max(tier_cell(tier)), range.to};
  // Where raw samples have expired already, what comes late only fills the cells that knew nothing.
  const bool keep_old = span < raw_kept_from();
  for (size_t begin = 0; begin < series; begin += kSeriesAtOnce) {
    std::vector<std::vector<Sample>> samples(std::min(kSeriesAtOnce, series - begin));
    MPS_TRY_VOID(reader_.read(server, Tier::kRaw, group, with_step_before, [&](const ChunkView& chunk) -> Result<void> {
      for (size_t i = 0; i < samples.size(); ++i)
        MPS_TRY_VOID(chunk.read(static_cast<uint32_t>(begin + i), with_step_before, samples[i]));
      return {};
    }));
    for (size_t i = 0; i < samples.size(); ++i) {
      const auto column = static_cast<uint32_t>(begin + i);
      // Always: the retention may have been shorter once.
      MPS_TRY(const auto old, read_rollups(server, tier, group, column, range));
      table.add(column, old);
      keep_last_written(samples[i]);
      table.add(column, roll_up(samples[i], range, tier_cell(tier)), keep_old);
    }
  }
  return {};
}

Result<void> Engine::write_rollups(const DueSpan& due, std::span<const BlockRow> blocks) {
  {
    const std::shared_lock lock(state_mutex_);
    const Server* const server = table_.find_server(due.server);
    if (server == nullptr) return {};
    const auto now = server->rollup_due.find(due.span);
    if (now == server->rollup_due.end() || now->second != due.change) return {};  // changed meanwhile: due again
  }
  const auto write = [&]() -> Result<void> {
    MPS_TRY_VOID(storage_.begin());
    MPS_TRY_VOID(storage_.replace_rollups(due.server, due.span, blocks));
    return storage_.commit();
  };
  if (auto result = write(); !result) {
    storage_.roll_back();
    fail(result.error());
    return result;
  }
  if (due.span < raw_kept_from()) expired_at_ = {};  // its raw samples waited for this
  const std::unique_lock lock(state_mutex_);
  table_.find_server(due.server)->rollup_due.erase(due.span);
  return {};
}

Result<std::vector<RollupCell>> Engine::read_rollups(ServerId server, Tier tier, GroupId group, uint32_t column,
                                                     TimeRange range, StatSet wanted) const {
  std::vector<RollupCell> cells;
  MPS_TRY_VOID(reader_.read(server, tier, group, range, [&](const ChunkView& chunk) -> Result<void> {
    MPS_TRY(const auto some, read_cells(chunk, column, range, wanted));
    cells.insert(cells.end(), some.begin(), some.end());
    return {};
  }));
  std::sort(cells.begin(), cells.end(), [](const RollupCell& a, const RollupCell& b) { return a.start < b.start; });
  return cells;
}

Result<std::vector<double>> Engine::aggregate(ServerId server, const SeriesKey& series, const Grid& grid,
                                              Aggregate how) const {
  wait_ready();
  const Tier tier = choose_tier(grid);
  GridAggregator aggregator(grid, how);
  if (grid.size == 0) return aggregator.values();
  MPS_TRY(const auto raw, raw_spans(server, series, tier, grid.range()));
  if (!raw) return aggregator.values();

  const Duration step_before = how == Aggregate::kRate ? rate_gap_max(grid.step) : Duration::zero();
  const int64_t end = span_of(grid.end() - Duration(1)) + 1;
  for (int64_t first = span_of(grid.start), next; first < end; first = next) {
    // A run of half-weeks that are all read from the same tier.
    const bool from_raw = tier == Tier::kRaw || raw->spans.contains(first);
    next = first + 1;
    while (next < end && (tier == Tier::kRaw || raw->spans.contains(next)) == from_raw) ++next;
    const TimeRange run{std::max(grid.start, range_of(first).from), std::min(grid.end(), range_of(next).from)};
    if (from_raw) {
      MPS_TRY(const auto samples, read(server, series, {run.from - step_before, run.to}));
      aggregator.add(samples, run);
    } else {
      MPS_TRY(const auto cells, read_rollups(server, tier, raw->group, raw->column, run, stats_for(how)));
      for (const RollupCell& cell : cells) aggregator.add(Timestamp(Duration(cell.start)), stats_of(cell));
    }
  }
  return aggregator.values();
}

// The half-weeks of the range that the tier does not know yet, or no more: those with fresh samples. Nothing when there
// is no such series.
Result<std::optional<Engine::RawSpans>> Engine::raw_spans(ServerId server, const SeriesKey& series, Tier tier,
                                                          TimeRange range) const {
  RawSpans raw;
  {
    const std::shared_lock lock(state_mutex_);
    const auto place = table_.find_series(server, series);
    if (!place) return std::optional<RawSpans>();
    raw.group = place->group->id;
    raw.column = place->index;
    if (tier == Tier::kRaw) return std::optional(std::move(raw));
    for (const auto& [span, change] : place->group->server->rollup_due) raw.spans.insert(span);
    const HeadStream& head = place->group->head;
    if (head.rows() > 0) {
      const int64_t first = std::max(block_span(head.first_time()), span_of(range.from));
      const int64_t last = std::min(block_span(head.last_time()), span_of(range.to));
      for (int64_t span = first; span <= last; ++span) raw.spans.insert(span);
    }
  }
  // Where raw samples have expired, what was rolled up of them says more than a late sample.
  const int64_t kept_from = raw_kept_from();
  for (auto it = raw.spans.begin(); it != raw.spans.end() && *it < kept_from;) {
    MPS_TRY(const auto cells, read_rollups(server, tier, raw.group, raw.column, range_of(*it)));
    it = cells.empty() ? std::next(it) : raw.spans.erase(it);
  }
  return std::optional(std::move(raw));
}

}  // namespace mps::store
