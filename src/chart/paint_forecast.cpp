#include <algorithm>
#include <cmath>

#include "chart/plot.h"

namespace mps::chart {
namespace {

std::vector<Point> points_of(const Plot& plot, const Grid& grid, std::span<const double> values, Run run) {
  std::vector<Point> points;
  for (size_t i = run.begin; i < run.end; ++i) points.push_back({plot.cell_x(grid, i), plot.y(values[i])});
  return points;
}

void paint_band(Canvas& canvas, const Plot& plot, const Grid& grid, const Band& band, std::optional<Point> from,
                Colour colour) {
  const size_t count = std::min({band.low.size(), band.high.size(), grid.size});
  std::vector<double> both(count);
  for (size_t i = 0; i < count; ++i) both[i] = band.low[i] / 2 + band.high[i] / 2;
  for (const Run& run : finite_runs(both)) {
    std::vector<Point> outline = points_of(plot, grid, band.high, run);
    const std::vector<Point> lower = points_of(plot, grid, band.low, run);
    outline.insert(outline.end(), lower.rbegin(), lower.rend());
    if (from && run.begin == 0) outline.push_back(*from);
    canvas.fill_polygon(outline, colour);
  }
}

}  // namespace

void paint_forecast(Canvas& canvas, const Plot& plot, const ForecastOverlay& forecast, std::optional<Point> from,
                    const LinePaint& paint) {
  const Grid& grid = forecast.grid;
  paint_band(canvas, plot, grid, forecast.band80, from, mix(paint.colour, paint.background, kBand80Strength));
  paint_band(canvas, plot, grid, forecast.band50, from, mix(paint.colour, paint.background, kBand50Strength));
  const std::vector<double> dashes = {paint.width * 3, paint.width * 1.5};
  const auto median = std::span(forecast.median).first(std::min(forecast.median.size(), grid.size));
  for (const Run& run : finite_runs(median)) {
    std::vector<Point> points = points_of(plot, grid, median, run);
    if (from && run.begin == 0) points.insert(points.begin(), *from);
    if (points.size() == 1) canvas.dot(points.front(), paint.width * 1.2, paint.colour);
    canvas.polyline(points, {paint.colour, paint.width, dashes});
  }
}

}  // namespace mps::chart
