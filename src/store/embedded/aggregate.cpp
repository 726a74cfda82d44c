#include "store/embedded/aggregate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mps::store {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

size_t cell_of(const Grid& grid, Timestamp time) {
  return static_cast<size_t>((time - grid.start) / grid.step);
}

std::vector<double> rates(std::span<const Sample> samples, const Grid& grid) {
  std::vector<double> increase(grid.size, 0.0), seconds(grid.size, 0.0);
  const Duration gap_max = rate_gap_max(grid.step);
  for (size_t i = 1; i < samples.size(); ++i) {
    const Duration apart = samples[i].time - samples[i - 1].time;
    if (!grid.range().contains(samples[i].time) || apart > gap_max) continue;
    const size_t cell = cell_of(grid, samples[i].time);
    increase[cell] += counter_increase(samples[i - 1].value, samples[i].value);
    seconds[cell] += std::chrono::duration<double>(apart).count();
  }
  for (size_t cell = 0; cell < grid.size; ++cell)
    increase[cell] = seconds[cell] > 0 ? increase[cell] / seconds[cell] : kUnknown;
  return increase;
}

void take(double& cell, size_t count_before, double v, Aggregate how) {
  switch (how) {
    case Aggregate::kMin:
      cell = count_before == 0 ? v : std::min(cell, v);
      break;
    case Aggregate::kMax:
      cell = count_before == 0 ? v : std::max(cell, v);
      break;
    case Aggregate::kLast:
      cell = v;
      break;
    case Aggregate::kMean:
    case Aggregate::kSum:
    case Aggregate::kCount:
    case Aggregate::kRate:
      cell = count_before == 0 ? v : cell + v;
      break;
  }
}

}  // namespace

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

std::vector<double> aggregate_samples(std::span<const Sample> samples, const Grid& grid, Aggregate how) {
  if (how == Aggregate::kRate) return rates(samples, grid);
  std::vector<double> cells(grid.size, kUnknown);
  std::vector<size_t> counts(grid.size, 0);
  for (const Sample& sample : samples) {
    if (!grid.range().contains(sample.time)) continue;
    const size_t cell = cell_of(grid, sample.time);
    take(cells[cell], counts[cell]++, sample.value.as_double(), how);
  }
  for (size_t i = 0; i < grid.size; ++i) {
    if (counts[i] == 0) continue;
    if (how == Aggregate::kMean) cells[i] /= static_cast<double>(counts[i]);
    if (how == Aggregate::kCount) cells[i] = static_cast<double>(counts[i]);
  }
  return cells;
}

}  // namespace mps::store
