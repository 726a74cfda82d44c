#include <algorithm>
#include <chrono>
#include <cmath>

#include "chart/time_series.h"

namespace mps::chart {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

constexpr size_t kCellsMax = 100'000'000;

Result<void> check(const Grid& grid) {
  const Timestamp first = sys_days(year(1700) / 1 / 1), last = sys_days(year(2250) / 1 / 1);
  if (grid.size == 0) return {};
  const bool counts = grid.size <= kCellsMax && grid.step > Duration::zero();
  if (counts && grid.start >= first && grid.start < last &&
      static_cast<int64_t>(grid.size) <= (last - grid.start) / grid.step) {
    return {};
  }
  return Error{ErrorCode::kInvalidArgument,
               "a chart shows at most 100 million cells of a positive step between the years 1700 and 2250"};
}

void include(TimeRange& range, TimeRange other) {
  if (other.empty()) return;
  range = range.empty() ? other : TimeRange{std::min(range.from, other.from), std::max(range.to, other.to)};
}

}  // namespace

Result<void> check(const TimeSeriesScene& scene) {
  MPS_TRY_VOID(check(scene.grid));
  if (scene.now) MPS_TRY_VOID(check(Grid{*scene.now, Duration(1), 1}));
  if (scene.forecast) MPS_TRY_VOID(check(scene.forecast->grid));
  return {};
}

TimeRange time_range_of(const TimeSeriesScene& scene) {
  TimeRange range = scene.grid.range();
  if (scene.forecast) include(range, scene.forecast->grid.range());
  if (scene.now) {
    if (range.empty()) range = {*scene.now - std::chrono::hours(1), *scene.now};
    include(range, {*scene.now, *scene.now + Duration(1)});
  }
  if (range.to - range.from < std::chrono::seconds(1)) range.to = range.from + std::chrono::seconds(1);
  return range;
}

// A wide band must not press the lines flat: it counts up to twice their height.
Extremes extremes_of(const TimeSeriesScene& scene) {
  Extremes all;
  for (const Line& line : scene.lines) all.add(line.values);
  if (scene.forecast) {
    all.add(scene.forecast->median);
    Extremes band;
    band.add(scene.forecast->band80.low);
    band.add(scene.forecast->band80.high);
    if (!band.empty() && !all.empty()) {
      const double high = all.max * 2;
      all.add(std::max(all.max, std::min(band.max, std::isfinite(high) ? high : all.max)));
      if (all.min < 0) all.add(std::max(band.min, all.min * 2));
    }
  }
  if (scene.threshold && shows_threshold(all, *scene.threshold)) all.add(*scene.threshold);
  return all;
}

}  // namespace mps::chart
