#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>

#include "chart/ticks.h"

namespace mps::chart {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Timestamp next_midnight(Timestamp time, const TimeZone& zone) {
  return zone.next_time_of_day(time, minutes(0));
}

std::chrono::local_time<Duration> to_local(Timestamp time, const TimeZone& zone) {
  return std::chrono::local_time<Duration>(time.time_since_epoch() + zone.offset_at(time));
}

std::chrono::local_days local_day(Timestamp time, const TimeZone& zone) {
  return std::chrono::floor<days>(to_local(time, zone));
}

std::chrono::year_month_day local_date(Timestamp time, const TimeZone& zone) {
  return std::chrono::year_month_day(local_day(time, zone));
}

// The instant in (from, to] at which the zone's offset is first other than at `from`; it is one at `to`.
Timestamp offset_change(Timestamp from, Timestamp to, const TimeZone& zone) {
  const seconds before = zone.offset_at(from);
  while (to - from > seconds(1)) {
    const Timestamp middle = from + (to - from) / 2;
    (zone.offset_at(middle) == before ? from : to) = middle;
  }
  return std::chrono::floor<seconds>(to);
}

// The first instant at or after `time` whose local time of day is a multiple of `step`, which divides a day.
Timestamp next_multiple(Timestamp time, Duration step, const TimeZone& zone) {
  for (;;) {
    const auto local = to_local(time, zone).time_since_epoch();
    const Duration since_day = local - std::chrono::floor<days>(local);
    const Duration rest = since_day % step;
    const Timestamp candidate = rest == Duration::zero() ? time : time + (step - rest);
    if (zone.offset_at(candidate) == zone.offset_at(time)) return candidate;
    time = offset_change(time, candidate, zone);
  }
}

std::vector<Timestamp> multiples(TimeRange range, Duration step, const TimeZone& zone) {
  std::vector<Timestamp> times;
  for (Timestamp t = next_multiple(range.from, step, zone); t <= range.to;
       t = next_multiple(t + Duration(1), step, zone)) {
    // A clock set back shows an hour twice; two ticks close together are one too many.
    if (times.empty() || t - times.back() > step / 2) times.push_back(t);
  }
  return times;
}

// Local midnights for which `wanted(date)` holds.
template <class Wanted>
std::vector<Timestamp> midnights(TimeRange range, const TimeZone& zone, Wanted wanted) {
  std::vector<Timestamp> times;
  for (Timestamp t = next_midnight(range.from, zone); t <= range.to; t = next_midnight(t + Duration(1), zone)) {
    if (wanted(local_day(t, zone))) times.push_back(t);
  }
  return times;
}

int month_number(std::chrono::year_month_day date) {
  return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

// The first days of every `count`-th month, counted from January of the year 0.
std::vector<Timestamp> month_starts(TimeRange range, int count, const TimeZone& zone) {
  std::vector<Timestamp> times;
  const int first = month_number(local_date(range.from, zone)), last = month_number(local_date(range.to, zone));
  for (int month = first - first % count; month <= last; month += count) {
    const std::chrono::year_month_day date{
        std::chrono::year(month / 12), std::chrono::month(static_cast<unsigned>(month % 12 + 1)), std::chrono::day(1)};
    const Timestamp as_utc = std::chrono::sys_days(date);
    const Timestamp midnight = next_midnight(as_utc - zone.offset_at(as_utc) - hours(3), zone);
    if (midnight >= range.from && midnight <= range.to) times.push_back(midnight);
  }
  return times;
}

// Every step that there is, from the finest.
struct Step {
  enum class Kind { kOfDay, kDays, kMonths } kind;
  int64_t count;  // seconds, days, months
};
constexpr std::array<Step, 32> kSteps = {{
    {Step::Kind::kOfDay, 1},     {Step::Kind::kOfDay, 2},     {Step::Kind::kOfDay, 5},     {Step::Kind::kOfDay, 10},
    {Step::Kind::kOfDay, 15},    {Step::Kind::kOfDay, 30},    {Step::Kind::kOfDay, 60},    {Step::Kind::kOfDay, 120},
    {Step::Kind::kOfDay, 300},   {Step::Kind::kOfDay, 600},   {Step::Kind::kOfDay, 900},   {Step::Kind::kOfDay, 1800},
    {Step::Kind::kOfDay, 3600},  {Step::Kind::kOfDay, 7200},  {Step::Kind::kOfDay, 10800}, {Step::Kind::kOfDay, 14400},
    {Step::Kind::kOfDay, 21600}, {Step::Kind::kOfDay, 43200}, {Step::Kind::kDays, 1},      {Step::Kind::kDays, 2},
    {Step::Kind::kDays, 7},      {Step::Kind::kDays, 14},     {Step::Kind::kMonths, 1},    {Step::Kind::kMonths, 2},
    {Step::Kind::kMonths, 3},    {Step::Kind::kMonths, 6},    {Step::Kind::kMonths, 12},   {Step::Kind::kMonths, 24},
    {Step::Kind::kMonths, 60},   {Step::Kind::kMonths, 120},  {Step::Kind::kMonths, 600},  {Step::Kind::kMonths, 1200},
}};

Duration length_of(const Step& step) {
  switch (step.kind) {
    case Step::Kind::kOfDay:
      return seconds(step.count);
    case Step::Kind::kDays:
      return days(step.count);
    case Step::Kind::kMonths:
      break;
  }
  return days(28 * step.count);  // at least
}

std::vector<Timestamp> times_of(const Step& step, TimeRange range, const TimeZone& zone) {
  switch (step.kind) {
    case Step::Kind::kOfDay:
      return multiples(range, seconds(step.count), zone);
    case Step::Kind::kDays: {
      // Day 0 of 1970 was a Thursday: weeks start on Mondays.
      const auto wanted = [&](std::chrono::local_days day) {
        return (day.time_since_epoch().count() + 3) % step.count == 0;
      };
      return midnights(range, zone, wanted);
    }
    case Step::Kind::kMonths:
      break;
  }
  return month_starts(range, static_cast<int>(step.count), zone);
}

TimeTick tick_at(Timestamp time, const Step& step, const TimeZone& zone, const Words& words) {
  const auto date = local_date(time, zone);
  if (step.kind == Step::Kind::kMonths) {
    const unsigned month = static_cast<unsigned>(date.month());
    const bool year = step.count >= 12 || month == 1;
    return {time, year ? fmt::format("{}", static_cast<int>(date.year())) : words.months[month - 1], true};
  }
  const bool midnight = step.kind == Step::Kind::kDays || next_midnight(time, zone) == time;
  if (midnight) return {time, format_date(time, zone, words), true};
  const bool needs_seconds = length_of(step) < minutes(1);
  return {time, zone.format(time, needs_seconds ? "%H:%M:%S" : "%H:%M"), false};
}

}  // namespace

std::string format_date(Timestamp time, const TimeZone& zone, const Words& words) {
  const auto date = local_date(time, zone);
  return fmt::format("{} {}", static_cast<unsigned>(date.day()), words.months[static_cast<unsigned>(date.month()) - 1]);
}

std::vector<TimeTick> time_ticks(TimeRange range, const TimeZone& zone, size_t ticks_max, const Words& words) {
  std::vector<TimeTick> ticks;
  if (range.empty() || ticks_max == 0) return ticks;
  for (const Step& step : kSteps) {
    if ((range.to - range.from) / length_of(step) > static_cast<int64_t>(ticks_max) * 2) continue;
    const std::vector<Timestamp> times = times_of(step, range, zone);
    if (times.size() > ticks_max) continue;
    for (const Timestamp time : times) ticks.push_back(tick_at(time, step, zone, words));
    break;
  }
  const auto is_strong = [](const TimeTick& tick) { return tick.strong; };
  if (std::all_of(ticks.begin(), ticks.end(), is_strong)) {
    for (TimeTick& tick : ticks) tick.strong = false;
  } else if (std::none_of(ticks.begin(), ticks.end(), is_strong)) {
    ticks.front().label = format_date(ticks.front().time, zone, words) + " " + ticks.front().label;
  }
  return ticks;
}

}  // namespace mps::chart
