#pragma once

#include <span>

#include "chart/canvas.h"
#include "chart/scene.h"

namespace mps::chart {

// The colour of `part` (clamped to [0, 1]) of the strongest: lightness alone tells them apart, so that colour-blind
// readers and grey printers see the same.
Colour heat_colour(double part, Theme theme);

// `values` in `count` equal groups, each the largest finite figure of its group or NaN; as they are when they are not
// more than `count`.
std::vector<double> group_max(std::span<const double> values, size_t count);

Result<void> check(const HeatmapScene& scene);
void draw_heatmap(Canvas& canvas, const Box& box, const HeatmapScene& scene);

}  // namespace mps::chart
