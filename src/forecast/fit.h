#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "forecast/features.h"
#include "forecast/network.h"

// Training and running the network over whole series.
namespace mps::forecast {

// Cells [0, end) of a series may be seen; what lies behind is never read.
struct FitSeries {
  const SeriesFeatures* features = nullptr;
  size_t end = 0;
  double loss_scale = 0;  // of a typical error, in the series' unit; 0: the series is left out
};

// The smaller of the mean errors of "as half a horizon ago" and "as a day ago" over [0, end); 0 where nothing moves.
double typical_error(const SeriesFeatures& features, size_t end);

// How long to learn, and how fast to begin.
struct Lesson {
  double passes = 0;  // over the cells of all series
  double rate = 0;    // of Adam at the start; it falls by half a cosine to kRateEnd
  int64_t updates_min = 0, updates_max = 0;
};
inline constexpr double kRateEnd = 1e-4;
inline constexpr Lesson kFromNothing{18, 3e-3, 150, 600};
inline constexpr Lesson kFineTune{10, 1e-3, 100, 400};   // another's weights for a server they have not seen
inline constexpr Lesson kFromFleet{3, 1e-3, 30, 200};    // the same, every night
inline constexpr Lesson kContinue{3.5, 1e-3, 50, 3000};  // with the days that were held out
inline constexpr Lesson kFleet{14, 3e-3, 150, 12000};    // many servers at once

struct FitOptions {
  uint64_t seed = 1;
  Lesson lesson = kFromNothing;
  double effort = 1;   // multiplies the updates
  size_t lanes = 32;   // series side by side in a batch
  size_t window = 48;  // steps between updates; the state is carried on to the next window
  size_t segment = 8;  // windows before a lane jumps to another place
  double gradient_norm_max = 1;
  std::function<void(double)> progress;
  std::stop_token stop;
};
// Lanes for the horizon.
FitOptions fit_options(const Layout& layout, const Lesson& lesson, uint64_t seed);

// Moves the weights. Returns the mean loss over the last tenth of the updates; 0 where there was nothing to learn from.
double fit(Network<float>& network, std::span<const FitSeries> series, const FitOptions& options);

// Cells before the first origin that the network runs through from a state of zeros; training has segments like it.
inline constexpr size_t kWarmUp = 512;

// Of one sequence, H numbers each.
struct LstmState {
  Aligned<float> h, c;
};

// The quantiles at every origin asked for, in the series' unit; origins ascending, each an index of the last known
// cell. state, where asked for, is that after the last cell of the series, and the last origin must be that cell.
struct OriginQuantiles {
  std::vector<Quantiles> steps;
};
std::vector<OriginQuantiles> run(const Network<float>& network, const SeriesFeatures& series,
                                 std::span<const size_t> origins, LstmState* state = nullptr);

}  // namespace mps::forecast
