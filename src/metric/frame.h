#pragma once

#include <string>
#include <vector>

#include "metric/sample.h"

namespace mps {

// Equal cells of time: cell i is [start + i*step, start + (i+1)*step).
struct Grid {
  Timestamp start;
  Duration step{};
  size_t size = 0;

  Timestamp time_at(size_t i) const { return start + step * static_cast<int64_t>(i); }
  Timestamp end() const { return time_at(size); }
  TimeRange range() const { return {start, end()}; }

  // The cells of `step` that cover `range`, aligned to 1970. `step` > 0.
  static Grid covering(TimeRange range, Duration step) {
    const auto floor_to = [step](Timestamp t) {
      auto rest = t.time_since_epoch() % step;
      if (rest < Duration::zero()) rest += step;
      return t - rest;
    };
    Grid grid{floor_to(range.from), step, 0};
    if (!range.empty()) grid.size = static_cast<size_t>((range.to - grid.start + step - Duration(1)) / step);
    return grid;
  }
};

enum class Aggregate {
  kMean,
  kMin,
  kMax,
  kLast,
  kSum,
  kCount,
  kRate
};  // kRate: per second, of a counter, resets counted

// One value per cell of the grid; NaN where nothing is known.
struct Column {
  std::string name;  // what tells it from its neighbours: "/", "eth0", or "" for the only one
  std::vector<double> values;
};

struct Frame {
  Grid grid;
  std::vector<Column> columns;
};

}  // namespace mps
