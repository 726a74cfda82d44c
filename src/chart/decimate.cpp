#include "chart/decimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mps::chart {

std::vector<Run> finite_runs(std::span<const double> values) {
  std::vector<Run> runs;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
    runs.back().end = i + 1;
  }
  return runs;
}

std::vector<double> without_usual_holes(std::span<const double> values) {
  std::vector<double> out(values.begin(), values.end());
  size_t known_count = 0, neighbours = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    ++known_count;
    if (i > 0 && std::isfinite(values[i - 1])) ++neighbours;
  }
  if (known_count < 3 || 2 * neighbours >= known_count) return out;  // figures usually come in every cell
  std::vector<size_t> known;
  for (size_t i = 0; i < values.size(); ++i)
    if (std::isfinite(values[i])) known.push_back(i);
  std::vector<size_t> distances;
  for (size_t i = 1; i < known.size(); ++i) distances.push_back(known[i] - known[i - 1]);
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  const size_t usual = *middle;
  for (size_t n = 1; n < known.size(); ++n) {
    const size_t from = known[n - 1], to = known[n];
    if (2 * (to - from) > 3 * usual) continue;
    for (size_t i = from + 1; i < to; ++i) {
      const double part = static_cast<double>(i - from) / static_cast<double>(to - from);
      out[i] = values[from] * (1 - part) + values[to] * part;
    }
  }
  return out;
}

namespace {

// The figures of one column while they arrive.
struct Gathering {
  ColumnExtent extent;
  double sum = 0;
  size_t count = 0;

  void start(int column, double value) {
    extent = {column, value, value, value, value, value};
    sum = value;
    count = 1;
  }
  void add(double value) {
    extent.last = value;
    extent.min = std::min(extent.min, value);
    extent.max = std::max(extent.max, value);
    sum += value;
    ++count;
  }
  void finish_into(std::vector<ColumnExtent>& out) {
    if (count == 0) return;
    extent.mean = sum / static_cast<double>(count);
    if (!std::isfinite(extent.mean)) extent.mean = extent.min / 2 + extent.max / 2;  // the sum of giants overflowed
    extent.mean = std::clamp(extent.mean, extent.min, extent.max);
    if (!out.empty() && out.back().column + 1 == extent.column) {
      extent.min = std::min(extent.min, out.back().last);
      extent.max = std::max(extent.max, out.back().last);
    }
    out.push_back(extent);
    count = 0;
  }
};

}  // namespace

std::vector<ColumnExtent> decimate(std::span<const double> values, double offset, double columns_per_value) {
  std::vector<ColumnExtent> extents;
  Gathering gathering;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    const int column = static_cast<int>(std::floor(offset + static_cast<double>(i) * columns_per_value));
    if (gathering.count > 0 && gathering.extent.column == column) {
      gathering.add(values[i]);
    } else {
      gathering.finish_into(extents);
      gathering.start(column, values[i]);
    }
  }
  gathering.finish_into(extents);
  return extents;
}

void Extremes::add(double value) {
  if (!std::isfinite(value)) return;
  const bool first = empty();
  min = first ? value : std::min(min, value);
  max = first ? value : std::max(max, value);
}

void Extremes::add(std::span<const double> values) {
  Extremes of_these{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    of_these.min = std::min(of_these.min, value);
    of_these.max = std::max(of_these.max, value);
  }
  add(of_these.min);
  add(of_these.max);
}

}  // namespace mps::chart
