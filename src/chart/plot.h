#pragma once

#include <algorithm>

#include "chart/canvas.h"
#include "chart/ticks.h"

namespace mps::chart {

// Sizes and tastes of one time series drawing, in units (1280 across a whole picture).
struct Look {
  double margin = 28;
  double title = 40;
  double subtitle = 27;
  double label = 28;  // axes, line ends
  double small = 25;  // the corner
  double line = 4;
  int value_intervals = 5;
  double left_gutter_min = 0;  // so that neighbours' plots line up
  bool panel = false;          // one of several: newest values stand beside the title, not at the lines' ends
};

// Where times and values are in a picture.
struct Plot {
  Box area;
  TimeRange time;
  ValueAxis axis;

  double x(Timestamp when) const {
    const double part =
        static_cast<double>((when - time.from).count()) / static_cast<double>((time.to - time.from).count());
    return area.left + part * area.width();
  }
  double y(double value) const { return area.bottom - (value - axis.low) / (axis.high - axis.low) * area.height(); }
  // Units from one cell to the next.
  double cell_width(const Grid& grid) const {
    return static_cast<double>(grid.step.count()) / static_cast<double>((time.to - time.from).count()) * area.width();
  }
  // A cell's figure stands at the middle of its time.
  double cell_x(const Grid& grid, size_t cell) const {
    return x(grid.start) + (static_cast<double>(cell) + 0.5) * cell_width(grid);
  }
};

// How strong, in parts of a line's colour, the paler parts are: the minimum-maximum band behind a dense line, and the
// bands of a forecast.
inline constexpr double kDenseBandStrength = 0.45;
inline constexpr double kBand80Strength = 0.22, kBand50Strength = 0.42;

// What a series looks like.
struct LinePaint {
  Colour colour;
  Colour background;  // behind it, for the paler parts
  double width = 4;
};

// One series: a line; where there is more than one figure a pixel column, a line of the columns' means on a paler band
// from their minima to their maxima; gaps open; figures alone between gaps as dots.
void paint_line(Canvas& canvas, const Plot& plot, const Grid& grid, std::span<const double> values,
                const LinePaint& paint);

// The bands, then the dashed median. `from` is where the history ends: they start there.
void paint_forecast(Canvas& canvas, const Plot& plot, const ForecastOverlay& forecast, std::optional<Point> from,
                    const LinePaint& paint);

struct AxesText {
  TextStyle label;             // colour, size
  Colour date;                 // of midnights
  double left = 0, right = 0;  // labels stay between
};
// Grid lines, then figures at the left and times below, without overlaps.
void paint_grid(Canvas& canvas, const Plot& plot, std::span<const TimeTick> times, const Palette& palette);
void paint_time_labels(Canvas& canvas, const Plot& plot, std::span<const TimeTick> times, const AxesText& text);
void paint_axis_labels(Canvas& canvas, const Plot& plot, std::span<const TimeTick> times, const AxesText& text);
// The room that the values' labels take at the left of the plot.
double value_labels_width(Canvas& canvas, const ValueAxis& axis, const TextStyle& style);
// The ticks whose labels fit next to each other between left and right.
std::vector<TimeTick> fitting_time_ticks(Canvas& canvas, const Plot& plot, const TimeZone& zone, const Words& words,
                                         const AxesText& text);

}  // namespace mps::chart
