#pragma once

#include <span>
#include <vector>

#include "metric/frame.h"
#include "metric/sample.h"

namespace mps::store {

// Two samples of a counter further apart than this tell no rate: five minutes, or two cells where those are longer.
Duration rate_gap_max(Duration step);

// One value per cell of the grid, NaN where nothing is known. `samples` are sorted by time, one per time; those outside
// of the grid count for nothing, but for kRate the newest one before it should be there: the increase between two
// samples belongs to the cell of the later one, and the rate of a cell is its increases over the time that they took. A
// fall is a reset to zero.
std::vector<double> aggregate_samples(std::span<const Sample> samples, const Grid& grid, Aggregate how);

// The increase of a counter, exact for integers. A fall counts as a reset to zero.
double counter_increase(Value before, Value after);

}  // namespace mps::store
