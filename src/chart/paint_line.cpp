#include <algorithm>
#include <cmath>

#include "chart/plot.h"

namespace mps::chart {
namespace {

constexpr double kDenseCellWidth = 0.67;  // device pixels

void paint_sparse(Canvas& canvas, const Plot& plot, const Grid& grid, std::span<const double> values,
                  const LinePaint& paint) {
  std::vector<Point> points;
  for (const Run& run : finite_runs(values)) {
    points.clear();
    for (size_t i = run.begin; i < run.end; ++i) points.push_back({plot.cell_x(grid, i), plot.y(values[i])});
    if (points.size() == 1) {
      canvas.dot(points.front(), paint.width * 1.5, paint.colour);
    } else {
      canvas.polyline(points, {paint.colour, paint.width, {}});
    }
  }
}

// Neighbouring columns, [begin, end) of the extents.
std::vector<Run> column_runs(std::span<const ColumnExtent> extents) {
  std::vector<Run> runs;
  for (size_t i = 0; i < extents.size(); ++i) {
    if (i == 0 || extents[i].column != extents[i - 1].column + 1) runs.push_back({i, i});
    runs.back().end = i + 1;
  }
  return runs;
}

// The band is a staircase on whole pixels. A column borrows the extremes of its neighbours, so that a peak of one
// sample is three pixels wide and can be seen on a phone.
void paint_extent_band(Canvas& canvas, const Plot& plot, std::span<const ColumnExtent> run, double pixel,
                       Colour colour) {
  std::vector<Point> upper, lower;
  for (size_t i = 0; i < run.size(); ++i) {
    const size_t begin = i == 0 ? 0 : i - 1, end = std::min(i + 2, run.size());
    double low = run[i].min, high = run[i].max;
    for (size_t j = begin; j < end; ++j) {
      low = std::min(low, run[j].min);
      high = std::max(high, run[j].max);
    }
    const double left = run[i].column * pixel, right = left + pixel;
    const double top = plot.y(high) - pixel / 2, bottom = plot.y(low) + pixel / 2;
    upper.insert(upper.end(), {{left, top}, {right, top}});
    lower.insert(lower.end(), {{left, bottom}, {right, bottom}});
  }
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  canvas.fill_polygon(upper, colour);
}

// What turns within half of the line's own width can't be seen: a point for so many columns is enough.
std::vector<Point> mean_line(const Plot& plot, std::span<const ColumnExtent> run, double pixel, double line_width) {
  const auto columns = static_cast<size_t>(std::max(1.0, std::round(line_width / 2)));
  std::vector<Point> points;
  for (size_t begin = 0; begin < run.size(); begin += columns) {
    const auto some = run.subspan(begin, std::min(columns, run.size() - begin));
    double sum = 0;
    for (const ColumnExtent& extent : some) sum += extent.mean;
    const double middle = (some.front().column + some.back().column + 1) / 2.0;
    points.push_back({middle * pixel, plot.y(sum / static_cast<double>(some.size()))});
  }
  return points;
}

void paint_dense(Canvas& canvas, const Plot& plot, const Grid& grid, std::span<const double> values,
                 const LinePaint& paint) {
  const double scale = canvas.device_scale(), pixel = 1 / scale;
  const std::vector<ColumnExtent> extents =
      decimate(values, plot.cell_x(grid, 0) * scale, plot.cell_width(grid) * scale);
  const Colour pale = mix(paint.colour, paint.background, kDenseBandStrength);
  const std::vector<Run> runs = column_runs(extents);
  for (const Run& run : runs) {
    paint_extent_band(canvas, plot, std::span(extents).subspan(run.begin, run.end - run.begin), pixel, pale);
  }
  for (const Run& run : runs) {
    const std::vector<Point> points =
        mean_line(plot, std::span(extents).subspan(run.begin, run.end - run.begin), pixel, paint.width * scale);
    if (points.size() == 1) canvas.dot(points.front(), paint.width * 1.5, paint.colour);
    canvas.polyline(points, {paint.colour, paint.width, {}, true});
  }
}

}  // namespace

void paint_line(Canvas& canvas, const Plot& plot, const Grid& grid, std::span<const double> values,
                const LinePaint& paint) {
  values = values.first(std::min(values.size(), grid.size));
  const bool dense = plot.cell_width(grid) * canvas.device_scale() < kDenseCellWidth;
  (dense ? paint_dense : paint_sparse)(canvas, plot, grid, without_usual_holes(values), paint);
}

}  // namespace mps::chart
