#include "store/embedded/rollup.h"

#include <algorithm>
#include <cmath>

namespace mps::store {
namespace {

constexpr uint64_t kFallsPerStepMax = 16;  // a counter falls at most once in so many steps

// `v` with 32 bits of mantissa.
double rounded(double v) {
  constexpr uint64_t kDropped = (uint64_t{1} << 20) - 1;
  const double up = std::bit_cast<double>((std::bit_cast<uint64_t>(v) + kDropped / 2) & ~kDropped);
  return std::isfinite(up) ? up : v;
}

int64_t floor_to(int64_t time, int64_t cell) {
  const int64_t rest = time % cell;
  return time - (rest < 0 ? rest + cell : rest);
}

void take_value(RollupCell& cell, Value value) {
  if (cell.count == 0 || value.as_double() < cell.min.as_double()) cell.min = value;
  if (cell.count == 0 || value.as_double() > cell.max.as_double()) cell.max = value;
  cell.last = value;
  cell.mean += value.as_double();  // the sum, until the end
  ++cell.count;
}

bool is_counter(std::span<const Sample> samples) {
  uint64_t falls = 0;
  for (size_t i = 1; i < samples.size(); ++i) falls += samples[i].value.as_double() < samples[i - 1].value.as_double();
  return falls * kFallsPerStepMax <= samples.size();
}

Value stat_of(const RollupCell& cell, uint32_t stat) {
  switch (stat) {
    case RollupTable::kCount:
      return Value::of_unsigned(cell.count);
    case RollupTable::kMean:
      return Value::of_float(cell.mean);
    case RollupTable::kMin:
      return cell.min;
    case RollupTable::kMax:
      return cell.max;
    case RollupTable::kLast:
      return cell.last;
    case RollupTable::kIncrease:
      return Value::of_float(cell.increase);
    default:
      return Value::of_float(cell.seconds);
  }
}

void set_stat(RollupCell& cell, uint32_t stat, Value value) {
  if (stat == RollupTable::kCount) cell.count = value.bits();
  if (stat == RollupTable::kMean) cell.mean = value.as_double();
  if (stat == RollupTable::kMin) cell.min = value;
  if (stat == RollupTable::kMax) cell.max = value;
  if (stat == RollupTable::kLast) cell.last = value;
  if (stat == RollupTable::kIncrease) cell.increase = value.as_double();
  if (stat == RollupTable::kSeconds) cell.seconds = value.as_double();
}

}  // namespace

Duration tier_cell(Tier tier) {
  return tier == Tier::kHour ? Duration(std::chrono::hours(1)) : Duration(std::chrono::minutes(5));
}

std::vector<RollupCell> roll_up(std::span<const Sample> samples, TimeRange range, Duration length) {
  std::vector<RollupCell> cells;
  const bool counter = is_counter(samples);
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!range.contains(samples[i].time)) continue;
    const int64_t start = floor_to(samples[i].time.time_since_epoch().count(), length.count());
    if (cells.empty() || cells.back().start != start) {
      cells.emplace_back();
      cells.back().start = start;
    }
    RollupCell& cell = cells.back();
    take_value(cell, samples[i].value);
    if (!counter || i == 0 || samples[i].time - samples[i - 1].time > rate_gap_max(length)) continue;
    cell.increase += counter_increase(samples[i - 1].value, samples[i].value);
    cell.seconds += std::chrono::duration<double>(samples[i].time - samples[i - 1].time).count();
  }
  for (RollupCell& cell : cells) cell.mean = rounded(cell.mean / static_cast<double>(cell.count));
  return cells;
}

void RollupTable::add(uint32_t series, std::span<const RollupCell> cells, bool keep_old) {
  for (const RollupCell& cell : cells) {
    const auto [known, added] = rows_[cell.start].try_emplace(series, cell);
    if (!added && !keep_old && cell.count >= known->second.count) known->second = cell;
  }
}

RowTable RollupTable::table() const {
  RowTable table;
  for (const auto& [start, row] : rows_) {
    for (const auto& [series, cell] : row) {
      const size_t width = (series + size_t{1}) * kStats;
      if (table.columns.size() < width) table.columns.resize(width);
      for (uint32_t stat = kCount; stat <= kSeconds; ++stat) {
        ColumnValues& column = table.columns[series * kStats + stat];
        column.values.resize(table.times.size());
        column.present.resize(table.times.size());
        column.values.push_back(stat_of(cell, stat));
        column.present.push_back(1);
      }
    }
    table.times.push_back(start);
  }
  for (ColumnValues& column : table.columns) {
    column.values.resize(table.times.size());
    column.present.resize(table.times.size());
  }
  return table;
}

StatSet stats_for(Aggregate how) {
  const auto bit = [](RollupTable::Stat stat) { return StatSet{1} << stat; };
  switch (how) {
    case Aggregate::kMean:
    case Aggregate::kSum:
      return bit(RollupTable::kMean);
    case Aggregate::kMin:
      return bit(RollupTable::kMin);
    case Aggregate::kMax:
      return bit(RollupTable::kMax);
    case Aggregate::kLast:
      return bit(RollupTable::kLast);
    case Aggregate::kCount:
      return 0;
    case Aggregate::kRate:
      return bit(RollupTable::kIncrease) | bit(RollupTable::kSeconds);
  }
  return kAllStats;
}

Result<std::vector<RollupCell>> read_cells(const ChunkView& chunk, uint32_t series, TimeRange range, StatSet wanted) {
  std::vector<RollupCell> cells;
  for (uint32_t stat = RollupTable::kCount; stat <= RollupTable::kSeconds; ++stat) {
    if (stat != RollupTable::kCount && (wanted >> stat & 1) == 0) continue;
    std::vector<Sample> values;
    MPS_TRY_VOID(chunk.read(series * RollupTable::kStats + stat, range, values));
    cells.resize(stat == RollupTable::kCount ? values.size() : cells.size());
    if (values.size() != cells.size())
      return Error{ErrorCode::kCorrupt, "a chunk of rollups has columns of unequal length"};
    for (size_t i = 0; i < cells.size(); ++i) {
      cells[i].start = values[i].time.time_since_epoch().count();
      set_stat(cells[i], stat, values[i].value);
    }
  }
  return cells;
}

Tier choose_tier(const Grid& grid) {
  for (const Tier tier : {Tier::kHour, Tier::kFiveMinutes}) {
    const Duration cell = tier_cell(tier);
    const bool divides =
        grid.step % cell == Duration::zero() && grid.start.time_since_epoch() % cell == Duration::zero();
    if (divides || grid.step >= 12 * cell) return tier;
  }
  return Tier::kRaw;
}

CellStats stats_of(const RollupCell& c) {
  return {c.count,
          c.mean * static_cast<double>(c.count),
          c.min.as_double(),
          c.max.as_double(),
          c.last.as_double(),
          c.increase,
          c.seconds};
}

}  // namespace mps::store
