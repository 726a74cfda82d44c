#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "metric/frame.h"

// When will a disk be full? From hourly means of a resource that grows: the trend of the daily peaks, with a band. A
// disk that is cleaned every night has peaks that do not grow, so it does not fill up; one that was cleaned once is
// judged by what came after.
namespace mps::forecast {

inline constexpr int kFullDaysMax = 30;  // nothing is said about what lies further ahead

// When the daily peak is expected to reach `level`, from the end of the history on. earliest belongs to the upper edge
// of the 80 % band, latest to the lower; what does not happen within kFullDaysMax is empty. Zero: it is there already.
struct Crossing {
  double level = 0;
  std::optional<Duration> earliest, expected, latest;
};

// values: one per cell of an hourly grid, NaN = unknown; the last 4 weeks are looked at. Never fails: under 3 days with
// something known, or without a trend that is clearly upward (the whole band grows), only levels already reached are
// answered.
std::vector<Crossing> days_to_full(const Grid& hourly, std::span<const double> values, std::span<const double> levels);

}  // namespace mps::forecast
