#pragma once

#include "chart/plot.h"

namespace mps::chart {

// Fails with kInvalidArgument on grids that no picture can show: negative steps, times outside of the years 1700 to
// 2250, more than 100 million cells.
Result<void> check(const TimeSeriesScene& scene);

// Draws the scene into `box`, and says where the plot is. Theme and words come from outside, so that panels of an
// overview agree.
Plot draw_time_series(Canvas& canvas, const Box& box, const TimeSeriesScene& scene, const Look& look, Theme theme,
                      const Words& words);

// The room at the left of a plot for the labels of its value axis.
double left_gutter(Canvas& canvas, const TimeSeriesScene& scene, const Look& look, const Words& words);

// What the time and value axes cover.
TimeRange time_range_of(const TimeSeriesScene& scene);
Extremes extremes_of(const TimeSeriesScene& scene);

}  // namespace mps::chart
