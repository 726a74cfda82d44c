#pragma once

#include "chart/canvas.h"
#include "chart/scene.h"

namespace mps::chart {

// Overviews and sparklines, for chart.cpp. check fails with kInvalidArgument as chart.h says.
Result<void> check(const OverviewScene& scene);
void draw_overview(Canvas& canvas, const Box& box, const OverviewScene& scene);
void draw_sparkline(Canvas& canvas, const Box& box, const SparklineScene& scene);

}  // namespace mps::chart
