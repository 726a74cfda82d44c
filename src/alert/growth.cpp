#include "alert/growth.h"

#include <algorithm>
#include <vector>

namespace mps::alert {
namespace {

constexpr Duration kRecentHours = std::chrono::hours(3);
constexpr size_t kPointsMin = 12, kPointsMax = 60;
constexpr size_t kDaysMin = 3, kKnownHoursMin = 6;
constexpr double kHoursAheadMax = 24 * 30;
constexpr double kFallMin = 5;             // of the daily minimum: a clean-up, in the unit of the values
constexpr double kGrowthMin = 1;           // over all that is known; less is no growth
constexpr double kSteadiness = 0.25;       // of the middle slope: what the slow edge must reach
constexpr double kClearlySteadier = 1.25;  // a shorter window must be, to be taken instead of a longer one
constexpr double kNewGround = 1;           // above all that was before, in the unit of the values
constexpr double kLow = 0.1, kMiddle = 0.5, kHigh = 0.9;  // quantiles of the slopes

double hours_between(Timestamp a, Timestamp b) {
  return std::chrono::duration<double, std::ratio<3600>>(b - a).count();
}

// Of the readings at most kPointsMax, evenly.
std::vector<Reading> thinned(std::span<const Reading> readings) {
  std::vector<Reading> out;
  const size_t step = (readings.size() + kPointsMax - 1) / kPointsMax;
  for (size_t i = readings.size(); i > 0; i -= std::min(i, step)) out.push_back(readings[i - 1]);
  std::reverse(out.begin(), out.end());
  return out;
}

// Per hour, sorted.
std::vector<double> slopes_of(std::span<const Reading> points) {
  std::vector<double> slopes;
  for (size_t i = 0; i < points.size(); ++i) {
    for (size_t j = i + 1; j < points.size(); ++j)
      slopes.push_back((points[j].value - points[i].value) / hours_between(points[i].time, points[j].time));
  }
  std::sort(slopes.begin(), slopes.end());
  return slopes;
}

double quantile(const std::vector<double>& ascending, double share) {
  return ascending[static_cast<size_t>(share * static_cast<double>(ascending.size() - 1))];
}

// Nothing is said about what lies further ahead than kAheadMax; what should have been is now.
std::optional<Timestamp> after_hours(Timestamp from, double hours) {
  if (!(hours <= kHoursAheadMax)) return std::nullopt;
  return from +
         std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::ratio<3600>>(std::max(0.0, hours)));
}

struct Day {
  Reading lowest, highest;
};

// Counted back from the newest reading, so that the newest day is whole. Oldest first; days of which little is known
// are left out.
std::vector<Day> days_of(std::span<const Reading> hourly) {
  std::vector<Day> days;
  size_t known = 0;
  std::optional<int64_t> present;
  for (size_t i = hourly.size(); i > 0; --i) {
    const Reading& reading = hourly[i - 1];
    const int64_t day = (hourly.back().time - reading.time) / std::chrono::hours(24);
    if (day != present) {
      if (present && known < kKnownHoursMin) days.pop_back();
      days.push_back({reading, reading});
      present = day, known = 0;
    }
    ++known;
    if (reading.value < days.back().lowest.value) days.back().lowest = reading;
    if (reading.value > days.back().highest.value) days.back().highest = reading;
  }
  if (present && known < kKnownHoursMin) days.pop_back();
  std::reverse(days.begin(), days.end());
  return days;
}

// One great fall: only what came after it tells the trend. Several: that is how this disk lives, and its minima tell
// it.
std::vector<Day> after_clean_up(std::vector<Day> days) {
  size_t falls = 0, last = 0;
  for (size_t i = 1; i < days.size(); ++i) {
    if (days[i - 1].lowest.value - days[i].lowest.value > kFallMin) ++falls, last = i;
  }
  if (falls == 1) days.erase(days.begin(), days.begin() + static_cast<ptrdiff_t>(last));
  return days;
}

struct Trend {
  Crossing crossing;
  double steadiness = 0;  // the slow edge of the band, of the middle slope

  bool is_steady() const { return steadiness >= kSteadiness; }  // so that even the edge grows, not by chance alone
};

// Along the line through the lowest of each day, `now` being the end of the last one.
Trend trend_of(double threshold, std::span<const Day> days, Timestamp now) {
  if (days.size() < kDaysMin) return {};
  std::vector<Reading> minima;
  for (const Day& day : days) minima.push_back(day.lowest);
  const auto slopes = slopes_of(minima);
  const double low = quantile(slopes, kLow), middle = quantile(slopes, kMiddle), high = quantile(slopes, kHigh);
  if (!(low > 0) || middle * hours_between(minima.front().time, now) < kGrowthMin) return {};
  // The newest days say where it stands, all of them how it moves.
  std::vector<double> standing;
  for (size_t i = minima.size() - std::min<size_t>(kDaysMin, minima.size()); i < minima.size(); ++i)
    standing.push_back(minima[i].value + middle * hours_between(minima[i].time, now));
  std::sort(standing.begin(), standing.end());
  const double base = quantile(standing, kMiddle);
  std::vector<double> rises;  // of the days' peaks above the line
  for (const Day& day : days)
    rises.push_back(day.highest.value - (base - middle * hours_between(day.highest.time, now)));
  std::sort(rises.begin(), rises.end());
  const auto reached = [&](double slope, double rise) -> std::optional<Timestamp> {
    return after_hours(now, (threshold - base - std::max(0.0, rise)) / slope);
  };
  return {{reached(high, quantile(rises, kHigh)), reached(middle, quantile(rises, kMiddle)),
           reached(low, quantile(rises, kLow))},
          low / middle};
}

// Has the last day left behind all that was before `first`?
bool on_new_ground(std::span<const Day> days, size_t first) {
  const auto lower = [](double a, double b) { return a + kNewGround <= b; };
  return std::all_of(days.begin(), days.begin() + static_cast<ptrdiff_t>(first), [&](const Day& day) {
    return lower(day.lowest.value, days.back().lowest.value) && lower(day.highest.value, days.back().highest.value);
  });
}

}  // namespace

Crossing fast_growth(double threshold, std::span<const Reading> readings) {
  if (readings.empty()) return {};
  const Reading& newest = readings.back();
  const auto recent = std::find_if(readings.begin(), readings.end(),
                                   [&](const Reading& reading) { return reading.time > newest.time - kRecentHours; });
  if (readings.end() - recent < static_cast<ptrdiff_t>(kPointsMin) || recent == readings.begin()) return {};
  if (newest.time - readings.front().time < std::chrono::hours(24) + kRecentHours) return {};
  const auto highest =
      std::max_element(readings.begin(), recent, [](const Reading& a, const Reading& b) { return a.value < b.value; });
  if (newest.value < highest->value + kNewGround || newest.value >= threshold) return {};
  const auto slopes = slopes_of(thinned({recent, readings.end()}));
  const auto reached = [&](double share) -> std::optional<Timestamp> {
    const double slope = quantile(slopes, share);
    if (!(slope > 0)) return std::nullopt;
    return after_hours(newest.time, (threshold - newest.value) / slope);
  };
  if (!reached(kLow)) return {};  // the band as a whole must grow
  return {reached(kHigh), reached(kMiddle), reached(kLow)};
}

Crossing slow_growth(double threshold, std::span<const Reading> hourly) {
  if (hourly.empty()) return {};
  const auto days = after_clean_up(days_of(hourly));
  const Timestamp now = hourly.back().time;
  const Trend whole = trend_of(threshold, days, now);
  if (whole.is_steady()) return whole.crossing;
  // What has begun to grow lately does not grow over all of the time; a window with calm days in it is less
  // steady than a shorter one without.
  Trend best;
  for (const size_t window : {size_t{14}, size_t{7}, size_t{4}}) {
    if (days.size() <= window || !on_new_ground(days, days.size() - window)) continue;
    const Trend lately = trend_of(threshold, std::span(days).last(window), now);
    if (lately.steadiness > kClearlySteadier * best.steadiness) best = lately;
  }
  return best.is_steady() ? best.crossing : whole.crossing;
}

}  // namespace mps::alert
