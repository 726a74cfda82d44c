#pragma once

#include <span>
#include <vector>

#include "base/clock.h"

namespace mps::forecast {

inline constexpr Duration kFrozenMin = std::chrono::hours(6);

// A frozen sensor repeats its last value to the digit. Where a series hardly ever repeats itself, runs of equal values
// of at least kFrozenMin are made unknown but for their first cell; a series that often stands still (a disk, an idle
// machine) is left as it is. step: of a cell.
std::vector<double> without_frozen(std::span<const double> values, Duration step);

}  // namespace mps::forecast
