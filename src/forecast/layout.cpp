#include "forecast/layout.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "metric/resource.h"

namespace mps::forecast {

Result<Layout> layout_for(Duration horizon) {
  const auto cells = [](Duration step, Duration of) { return static_cast<size_t>(of / step); };
  Layout l;
  l.horizon = horizon;
  if (horizon == kHour) {
    l.step = kFineStep, l.recent = 12, l.prefix = "";
    l.origin_every = cells(l.step, kHour);
  } else if (horizon == kDay) {
    l.step = kCoarseStep, l.recent = 6, l.prefix = "day.";
    l.origin_every = cells(l.step, 3 * kHour);
  } else {
    return Error{ErrorCode::kInvalidArgument, "the horizon of a forecast is 1 h or 24 h"};
  }
  l.steps = cells(l.step, horizon);
  l.day = cells(l.step, kDay);
  l.week = 7 * l.day;
  return l;
}

Bounds bounds_of(std::string_view resource) {
  const Resource* row = find_resource(resource.substr(0, resource.find(':')));
  if (row == nullptr) return {};
  Bounds bounds;
  bounds.low = 0;
  if (row->unit == Unit::kPercent) bounds.high = 100;
  return bounds;
}

Regridded regrid(const Grid& grid, std::span<const double> values, Duration step) {
  assert(grid.step.count() > 0 && step % grid.step == Duration::zero() && values.size() == grid.size);
  Regridded out;
  out.grid = Grid::covering(grid.range(), step);
  while (out.grid.size > 0 && out.grid.end() > grid.end()) --out.grid.size;
  out.values.resize(out.grid.size, std::nan(""));
  const int64_t offset = (grid.start - out.grid.start) / grid.step, ratio = step / grid.step;
  for (size_t i = 0; i < out.grid.size; ++i) {
    double sum = 0;
    int64_t count = 0;
    for (int64_t j = std::max<int64_t>(0, static_cast<int64_t>(i) * ratio - offset);
         j < (static_cast<int64_t>(i) + 1) * ratio - offset; ++j) {
      const double v = values[static_cast<size_t>(j)];
      if (std::isfinite(v)) sum += v, ++count;
    }
    if (count > 0) out.values[i] = sum / static_cast<double>(count);
  }
  return out;
}

size_t known_count(std::span<const double> values) {
  return static_cast<size_t>(std::count_if(values.begin(), values.end(), [](double v) { return std::isfinite(v); }));
}

}  // namespace mps::forecast
