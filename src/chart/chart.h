#pragma once

#include <string>

#include "base/error.h"
#include "chart/scene.h"

// Scenes as pictures. The same drawing code makes both formats. Equal scenes give equal bytes on machines with equal
// fonts and libraries. Thread-safe. Whatever the figures are (none, one, NaN, 1e18) there is a picture; without any
// figure to show it says so in a sentence. Fails with kInvalidArgument when width or height is outside of
// [16, 8192] or a grid has more than 100 million cells, with kInternal when a library refuses.
namespace mps::chart {

// A PNG file with a palette of at most 96 colours.
Result<std::string> to_png(const TimeSeriesScene& scene);
Result<std::string> to_png(const OverviewScene& scene);
Result<std::string> to_png(const HeatmapScene& scene);
Result<std::string> to_png(const SparklineScene& scene);

// A PDF file of one page, all vectors and selectable text, 0.5 pt to the pixel.
Result<std::string> to_pdf(const TimeSeriesScene& scene);
Result<std::string> to_pdf(const OverviewScene& scene);
Result<std::string> to_pdf(const HeatmapScene& scene);
Result<std::string> to_pdf(const SparklineScene& scene);

}  // namespace mps::chart
