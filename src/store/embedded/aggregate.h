#pragma once

#include <span>
#include <vector>

#include "metric/frame.h"
#include "metric/sample.h"

namespace mps::store {

// Of samples in order of writing: by time, the last written one of each time.
void keep_last_written(std::vector<Sample>& samples);

// Two samples of a counter further apart than this tell no rate: five minutes, or two cells where those are longer.
Duration rate_gap_max(Duration step);

// One value per cell of the grid, NaN where nothing is known. `samples` are sorted by time, one per time; those outside
// of the grid count for nothing, but for kRate the newest one before it should be there: the increase between two
// samples belongs to the cell of the later one, and the rate of a cell is its increases over the time that they took. A
// fall is a reset to zero.
std::vector<double> aggregate_samples(std::span<const Sample> samples, const Grid& grid, Aggregate how);

// What is known of some samples of one cell.
struct CellStats {
  uint64_t count = 0;
  double sum = 0, min = 0, max = 0, last = 0;
  double increase = 0, seconds = 0;  // of a counter: the rate is one over the other
};

// Adds samples and what is known of others, in order of time, up to one value per cell of a grid.
class GridAggregator {
 public:
  GridAggregator(const Grid& grid, Aggregate how) : grid_(grid), how_(how), cells_(grid.size) {}
  // Only the samples in `range` count; an earlier one tells a counter's first step.
  void add(std::span<const Sample> samples, TimeRange range);
  void add(Timestamp time, const CellStats& part);
  std::vector<double> values() const;

 private:
  Grid grid_;
  Aggregate how_;
  std::vector<CellStats> cells_;
};

// The increase of a counter, exact for integers. A fall counts as a reset to zero.
double counter_increase(Value before, Value after);

}  // namespace mps::store
