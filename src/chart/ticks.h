#pragma once

#include <string>
#include <vector>

#include "base/time_zone.h"
#include "chart/decimate.h"
#include "chart/scene.h"

// Which round figures and times stand at the axes. Pure functions.
namespace mps::chart {

struct ValueAxis {
  double low = 0, high = 1;  // multiples of step, low < high, both finite
  double step = 1;           // 1, 2 or 5 times a power of ten
  double divisor = 1;        // labels show value / divisor ...
  std::string unit;          // ... in this unit: "%", "MB/s", "K"; may be ""

  // From low to high.
  std::vector<double> ticks() const;
};

// An axis that holds `data`, in at most about `intervals` steps. It starts at 0 unless something is negative. Percent
// ends at 10, 20, 50 or 100: a line at 2 % can be read and its noise does not look like a storm.
ValueAxis value_axis(const Extremes& data, Unit unit, int intervals);

// Should the axis grow so far that the threshold is in the picture? Not for a line that is far below it.
bool shows_threshold(const Extremes& data, double threshold);

// "40 %", "1.5 MB/s", "0".
std::string tick_label(const ValueAxis& axis, double value);

// A figure as people read it (format_value), and no longer than "1.2e+18" when it is huge.
std::string short_value(double value, Unit unit);

// The same with its unit in the language of the picture.
std::string in_words(std::string text, const Words& words);

struct TimeTick {
  Timestamp time;
  std::string label;
  bool strong = false;  // a local midnight among other times of day
  friend bool operator==(const TimeTick&, const TimeTick&) = default;
};

// Round local times in `range`, both ends included, at most `ticks_max` of them: "09:30", at midnight the date
// ("12 Mar"), for long ranges dates, months ("Mar") and years alone. Where a clock change moves the local time, the
// ticks stay at round local times. Without a midnight in the range the first tick bears the date too
// ("12 Mar 09:30").
std::vector<TimeTick> time_ticks(TimeRange range, const TimeZone& zone, size_t ticks_max, const Words& words);

// "12 Mar", in local time.
std::string format_date(Timestamp time, const TimeZone& zone, const Words& words);

}  // namespace mps::chart
