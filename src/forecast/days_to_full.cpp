#include "forecast/days_to_full.h"

#include <algorithm>
#include <cmath>

namespace mps::forecast {
namespace {

constexpr size_t kDayHours = 24, kDaysMax = 28, kDaysMin = 3;
constexpr size_t kKnownMin = 6;         // hours of a day that make its peak believable
constexpr double kTenPercent = 1.2816;  // of a normal distribution lies above this many deviations
constexpr double kDropMin = 5;          // a fall of the daily peak by so much, and out of proportion, is a clean-up

struct Peak {
  double day;  // before the end of the history, negative
  double value;
};

// Days are counted back from the end, so that the newest one is whole.
std::vector<Peak> daily_peaks(std::span<const double> values) {
  std::vector<Peak> peaks;
  for (size_t back = std::min(kDaysMax, values.size() / kDayHours); back > 0; --back) {
    const auto day = values.subspan(values.size() - back * kDayHours, kDayHours);
    double peak = -INFINITY;
    size_t known = 0;
    for (const double v : day) {
      if (std::isfinite(v)) peak = std::max(peak, v), ++known;
    }
    if (known >= kKnownMin) peaks.push_back({-static_cast<double>(back) + 0.5, peak});
  }
  return peaks;
}

double median(std::vector<double> v) {
  const auto middle = v.begin() + static_cast<ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

// One great fall: only what came after it tells the trend. Several: that is how this disk lives, the peaks tell it.
std::vector<Peak> after_clean_up(std::vector<Peak> peaks) {
  std::vector<double> steps;
  for (size_t i = 1; i < peaks.size(); ++i) steps.push_back(std::abs(peaks[i].value - peaks[i - 1].value));
  if (steps.empty()) return peaks;
  const double usual = median(steps);
  size_t falls = 0, last = 0;
  for (size_t i = 1; i < peaks.size(); ++i) {
    if (peaks[i - 1].value - peaks[i].value > std::max(kDropMin, 5 * usual)) ++falls, last = i;
  }
  if (falls == 1) peaks.erase(peaks.begin(), peaks.begin() + static_cast<ptrdiff_t>(last));
  return peaks;
}

struct Trend {
  double now = 0, slope = 0;          // per day
  double noise = 0, slope_noise = 0;  // standard deviations
};

// Theil and Sen's slope: the median of all pairs, which a few odd days cannot move.
Trend trend_of(const std::vector<Peak>& peaks) {
  std::vector<double> slopes, at_zero, residuals;
  for (size_t i = 0; i < peaks.size(); ++i) {
    for (size_t j = i + 1; j < peaks.size(); ++j) {
      slopes.push_back((peaks[j].value - peaks[i].value) / (peaks[j].day - peaks[i].day));
    }
  }
  Trend t;
  t.slope = median(slopes);
  double mean_day = 0, spread = 0;
  for (const auto& p : peaks) {
    at_zero.push_back(p.value - t.slope * p.day);
    mean_day += p.day / static_cast<double>(peaks.size());
  }
  // The newest days say where it stands, all of them how it moves.
  t.now = median({at_zero.end() - static_cast<ptrdiff_t>(std::min<size_t>(3, at_zero.size())), at_zero.end()});
  const double line = median(at_zero);
  for (const auto& p : peaks) {
    residuals.push_back(std::abs(p.value - t.slope * p.day - line));
    spread += (p.day - mean_day) * (p.day - mean_day);
  }
  t.noise = 1.4826 * median(residuals);
  double wander = 0;  // how far neighbours' residuals go together widens the doubt about the slope
  for (size_t i = 1; i < at_zero.size(); ++i) wander += (at_zero[i] - line) * (at_zero[i - 1] - line);
  double square = 0;
  for (const double z : at_zero) square += (z - line) * (z - line);
  const double together = square > 0 ? std::clamp(wander / square, 0.0, 0.8) : 0;
  const double deviation = std::sqrt(square / static_cast<double>(std::max<size_t>(1, peaks.size() - 2)));
  t.slope_noise = spread > 0 ? deviation * std::sqrt((1 + together) / (1 - together) / spread) : 0;
  return t;
}

// The first day ahead on which now + slope * d + deviations * noise(d) reaches the level.
std::optional<Duration> reaches(const Trend& t, double level, double deviations) {
  for (int hour = 0; hour <= kFullDaysMax * 24; ++hour) {
    const double days = hour / 24.0;
    const double doubt = std::hypot(t.noise, t.slope_noise * days);
    if (t.now + t.slope * days + deviations * doubt >= level) return std::chrono::hours(hour);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Crossing> days_to_full(const Grid& hourly, std::span<const double> values, std::span<const double> levels) {
  values = values.first(std::min(values.size(), hourly.size));
  std::vector<Crossing> out;
  const auto peaks = after_clean_up(daily_peaks(values));
  const bool judged = peaks.size() >= kDaysMin;
  const auto trend = judged ? trend_of(peaks) : Trend{};
  const bool grows = judged && trend.slope - kTenPercent * trend.slope_noise > 1e-3;
  double newest = -INFINITY;
  for (size_t i = values.size(); i > 0 && !std::isfinite(newest); --i) {
    if (std::isfinite(values[i - 1])) newest = values[i - 1];
  }
  for (const double level : levels) {
    Crossing c;
    c.level = level;
    if (newest >= level) {
      c.earliest = c.expected = c.latest = Duration::zero();
    } else if (grows) {
      c.earliest = reaches(trend, level, kTenPercent);
      c.expected = reaches(trend, level, 0);
      c.latest = reaches(trend, level, -kTenPercent);
    }
    out.push_back(c);
  }
  return out;
}

}  // namespace mps::forecast
