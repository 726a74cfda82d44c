#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "forecast/prediction.h"
#include "metric/frame.h"

// The two horizons, and bringing histories onto their grids.
namespace mps::forecast {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();  // of a cell

// How a horizon sees time. All lengths in cells of `step`.
struct Layout {
  Duration horizon{}, step{};
  size_t steps = 0;  // cells ahead
  size_t day = 0, week = 0;
  size_t recent = 0;        // "lately": an hour on the fine grid, three on the coarse one
  size_t origin_every = 0;  // origins of hold-outs: hourly, or every three hours
  std::string_view prefix;  // of tensors in the model file: "" or "day."
};

// Fails with kInvalidArgument for anything but kHour and kDay.
Result<Layout> layout_for(Duration horizon);

// What values can be: 0..100 for percents, 0 and above for rates and loads; any number for columns that are no
// resource.
struct Bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};
// By the catalogue's name before a ':'.
Bounds bounds_of(std::string_view resource);

// Means of the known cells on a coarser grid aligned to 1970; cells with nothing known stay NaN; a last cell that is
// not complete is left out. grid.step must divide step.
struct Regridded {
  Grid grid;
  std::vector<double> values;
};
Regridded regrid(const Grid& grid, std::span<const double> values, Duration step);

// Cells that are not NaN.
size_t known_count(std::span<const double> values);

}  // namespace mps::forecast
