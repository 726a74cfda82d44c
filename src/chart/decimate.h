#pragma once

#include <cstddef>
#include <span>
#include <vector>

// From figures to what a screen can show. Pure functions.
namespace mps::chart {

// Neighbouring finite figures: indices [begin, end).
struct Run {
  size_t begin = 0, end = 0;
  friend bool operator==(const Run&, const Run&) = default;
};

// The runs of finite figures between the gaps (NaN, infinite), in order.
std::vector<Run> finite_runs(std::span<const double> values);

// A server that sends more rarely than the grid has cells leaves every line full of holes that are none: where figures
// usually come every k-th cell (k > 1), the cells between two figures at most one and a half times k apart are filled
// with the straight way between them. Wider holes stay. Otherwise `values` as they are.
std::vector<double> without_usual_holes(std::span<const double> values);

// What one pixel column has of a series.
struct ColumnExtent {
  int column = 0;
  double first = 0, last = 0;  // in time
  double min = 0, max = 0;     // of the figures, and of the way from the column before
  double mean = 0;
  friend bool operator==(const ColumnExtent&, const ColumnExtent&) = default;
};

// Figure i belongs to column floor(offset + i * columns_per_value). Columns without a finite figure are left out; no
// minimum or maximum is lost; what is adjacent is connected: each column's extent reaches the last figure of the
// column before it. `columns_per_value` > 0.
std::vector<ColumnExtent> decimate(std::span<const double> values, double offset, double columns_per_value);

// The smallest and largest finite figures; min > max when there is none.
struct Extremes {
  double min = 1, max = 0;
  bool empty() const { return min > max; }
  void add(double value);  // ignores NaN and infinity
  void add(std::span<const double> values);
};

}  // namespace mps::chart
