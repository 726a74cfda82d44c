#include "store/embedded/aggregate.h"

#include <algorithm>
#include <limits>

namespace mps::store {
namespace {

double value_of(const CellStats& cell, Aggregate how) {
  switch (how) {
    case Aggregate::kMean:
      return cell.sum / static_cast<double>(cell.count);
    case Aggregate::kMin:
      return cell.min;
    case Aggregate::kMax:
      return cell.max;
    case Aggregate::kLast:
      return cell.last;
    case Aggregate::kSum:
      return cell.sum;
    case Aggregate::kCount:
      return static_cast<double>(cell.count);
    case Aggregate::kRate:
      break;
  }
  return cell.increase / cell.seconds;
}

}  // namespace

void keep_last_written(std::vector<Sample>& samples) {
  const auto not_rising = [](const Sample& a, const Sample& b) { return a.time >= b.time; };
  if (std::adjacent_find(samples.begin(), samples.end(), not_rising) == samples.end()) return;
  std::stable_sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.time < b.time; });
  const auto kept =
      std::unique(samples.rbegin(), samples.rend(), [](const Sample& a, const Sample& b) { return a.time == b.time; });
  samples.erase(samples.begin(), kept.base());
}

Duration rate_gap_max(Duration step) {
  return std::max<Duration>(std::chrono::minutes(5), 2 * step);
}

double counter_increase(Value before, Value after) {
  if (before.type() == ValueType::kInteger && after.type() == ValueType::kInteger) {
    const int64_t a = before.as_integer(), b = after.as_integer();
    return b >= a ? static_cast<double>(static_cast<uint64_t>(b) - static_cast<uint64_t>(a)) : static_cast<double>(b);
  }
  if (before.type() == ValueType::kUnsigned && after.type() == ValueType::kUnsigned) {
    return static_cast<double>(after.bits() >= before.bits() ? after.bits() - before.bits() : after.bits());
  }
  const double a = before.as_double(), b = after.as_double();
  return b >= a ? b - a : b;
}

void GridAggregator::add(Timestamp time, const CellStats& part) {
  if (!grid_.range().contains(time)) return;
  CellStats& cell = cells_[static_cast<size_t>((time - grid_.start) / grid_.step)];
  if (part.count > 0) {
    cell.min = cell.count == 0 ? part.min : std::min(cell.min, part.min);
    cell.max = cell.count == 0 ? part.max : std::max(cell.max, part.max);
    cell.last = part.last;
  }
  cell.count += part.count;
  cell.sum += part.sum;
  cell.increase += part.increase;
  cell.seconds += part.seconds;
}

void GridAggregator::add(std::span<const Sample> samples, TimeRange range) {
  const Duration gap_max = rate_gap_max(grid_.step);
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!range.contains(samples[i].time)) continue;
    const double v = samples[i].value.as_double();
    CellStats part{1, v, v, v, v, 0, 0};
    if (how_ == Aggregate::kRate && i > 0 && samples[i].time - samples[i - 1].time <= gap_max) {
      part.increase = counter_increase(samples[i - 1].value, samples[i].value);
      part.seconds = std::chrono::duration<double>(samples[i].time - samples[i - 1].time).count();
    }
    add(samples[i].time, part);
  }
}

std::vector<double> GridAggregator::values() const {
  std::vector<double> values;
  values.reserve(cells_.size());
  for (const CellStats& cell : cells_) {
    const bool known = how_ == Aggregate::kRate ? cell.seconds > 0 : cell.count > 0;
    values.push_back(known ? value_of(cell, how_) : std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

std::vector<double> aggregate_samples(std::span<const Sample> samples, const Grid& grid, Aggregate how) {
  GridAggregator aggregator(grid, how);
  aggregator.add(samples, grid.range());
  return aggregator.values();
}

}  // namespace mps::store
