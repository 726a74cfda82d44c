#include "chart/ticks.h"

#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace mps::chart {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Extremes between(double min, double max) {
  return {min, max};
}

std::string labels_of(const ValueAxis& axis) {
  std::string all;
  for (const double value : axis.ticks()) all += (all.empty() ? "" : " | ") + tick_label(axis, value);
  return all;
}

TEST(ValueAxis, HasRoundFiguresForEveryRange) {
  struct Case {
    Extremes data;
    Unit unit;
    std::string labels;
  };
  const Case cases[] = {
      {between(0.5, 2), Unit::kPercent, "0 % | 2 % | 4 % | 6 % | 8 % | 10 %"},
      {between(1, 17), Unit::kPercent, "0 % | 5 % | 10 % | 15 % | 20 %"},
      {between(30, 42), Unit::kPercent, "0 % | 10 % | 20 % | 30 % | 40 % | 50 %"},
      {between(60, 61), Unit::kPercent, "0 % | 20 % | 40 % | 60 % | 80 % | 100 %"},
      {between(0, 100), Unit::kPercent, "0 % | 20 % | 40 % | 60 % | 80 % | 100 %"},
      {between(0, 390), Unit::kPercent, "0 % | 100 % | 200 % | 300 % | 400 % | 500 %"},
      {Extremes(), Unit::kPercent, "0 % | 2 % | 4 % | 6 % | 8 % | 10 %"},
      {between(0, 0), Unit::kBytesPerSecond, "0 | 0.2 KB/s | 0.4 KB/s | 0.6 KB/s | 0.8 KB/s | 1.0 KB/s"},
      {between(5, 900'000), Unit::kBytesPerSecond, "0 | 0.2 MB/s | 0.4 MB/s | 0.6 MB/s | 0.8 MB/s | 1.0 MB/s"},
      {between(0, 2.4e6), Unit::kBytesPerSecond, "0 | 1 MB/s | 2 MB/s | 3 MB/s"},
      {between(0, 2.4e6), Unit::kBitsPerSecond, "0 | 1 Mbit/s | 2 Mbit/s | 3 Mbit/s"},
      {between(0, 2.4 * 1024 * 1024), Unit::kBinaryBytesPerSecond, "0 | 1 MiB/s | 2 MiB/s | 3 MiB/s"},
      {between(0, 700), Unit::kBinaryBytesPerSecond, "0 | 0.2 KiB/s | 0.4 KiB/s | 0.6 KiB/s | 0.8 KiB/s | 1.0 KiB/s"},
      {between(1e18, 1e18), Unit::kBytesPerSecond, "0 | 0.5 EB/s | 1.0 EB/s | 1.5 EB/s"},
      {between(0.1, 0.4), Unit::kLoad, "0 | 0.2 | 0.4 | 0.6 | 0.8 | 1.0"},
      {between(0, 14), Unit::kLoad, "0 | 5 | 10 | 15"},
      {between(0, 3e5), Unit::kLoad, "0 | 100 K | 200 K | 300 K | 400 K"},
      {between(-5, -4), Unit::kLoad, "-6 | -4 | -2 | 0"},
      {between(-30, 20), Unit::kLoad, "-40 | -20 | 0 | 20 | 40"},
  };
  for (const Case& c : cases) {
    const ValueAxis axis = value_axis(c.data, c.unit, 5);
    EXPECT_EQ(labels_of(axis), c.labels) << c.data.min << " to " << c.data.max;
    if (c.data.empty()) continue;
    EXPECT_LE(axis.low, c.data.min);
    EXPECT_GE(axis.high, c.data.max);
  }
}

TEST(ValueAxis, IsFiniteForGiants) {
  for (const double giant : {1e20, 1e21, 1e100, 1e308}) {
    const ValueAxis axis = value_axis(between(-giant, giant), Unit::kLoad, 5);
    EXPECT_TRUE(std::isfinite(axis.high - axis.low)) << giant;
    EXPECT_LT(axis.low, axis.high);
    EXPECT_LE(axis.ticks().size(), 9u);
    for (const double tick : axis.ticks()) EXPECT_LE(tick_label(axis, tick).size(), 9u);
  }
}

TEST(Threshold, IsShownWhereTheLineIsNearIt) {
  EXPECT_TRUE(shows_threshold(between(20, 60), 90));
  EXPECT_FALSE(shows_threshold(between(1, 30), 90));
  EXPECT_TRUE(shows_threshold(Extremes(), 90));
  EXPECT_FALSE(shows_threshold(between(1e18, 1e18), 90));
  EXPECT_FALSE(shows_threshold(between(1, 2), std::nan("")));
}

TEST(ShortValue, StaysShort) {
  EXPECT_EQ(short_value(42, Unit::kPercent), "42 %");
  EXPECT_EQ(short_value(1e18, Unit::kPercent), "1e+18 %");
  EXPECT_EQ(short_value(1.25e9, Unit::kLoad), "1.25e+09");
  EXPECT_LE(short_value(-1.7e308, Unit::kBytesPerSecond).size(), 14u);
}

Timestamp at(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return std::chrono::sys_days(date) + hours(hour) + minutes(minute);
}

std::string labels_of(TimeRange range, const char* zone, size_t ticks_max) {
  std::string all;
  for (const TimeTick& tick : time_ticks(range, TimeZone::find(zone).value(), ticks_max, Words())) {
    all += fmt::format("{}{}{}", all.empty() ? "" : " | ", tick.strong ? "*" : "", tick.label);
  }
  return all;
}

TEST(TimeTicks, StandAtRoundLocalTimes) {
  struct Case {
    TimeRange range;
    const char* zone;
    std::string labels;
  };
  const Timestamp noon = at(2026, 3, 11, 12);
  const Case cases[] = {
      {{noon, noon + hours(24)}, "UTC", "12:00 | 15:00 | 18:00 | 21:00 | *12 Mar | 03:00 | 06:00 | 09:00 | 12:00"},
      {{noon, noon + hours(12)}, "UTC", "12:00 | 14:00 | 16:00 | 18:00 | 20:00 | 22:00 | *12 Mar"},
      {{noon, noon + hours(24)}, "Europe/Berlin", "15:00 | 18:00 | 21:00 | *12 Mar | 03:00 | 06:00 | 09:00 | 12:00"},
      {{noon, noon + hours(24)}, "Asia/Kathmandu", "18:00 | 21:00 | *12 Mar | 03:00 | 06:00 | 09:00 | 12:00 | 15:00"},
      {{noon, noon + hours(1)}, "UTC", "11 Mar 12:00 | 12:10 | 12:20 | 12:30 | 12:40 | 12:50 | 13:00"},
      {{noon, noon + seconds(20)}, "UTC", "11 Mar 12:00:00 | 12:00:05 | 12:00:10 | 12:00:15 | 12:00:20"},
      {{noon, noon + days(7)}, "UTC", "12 Mar | 13 Mar | 14 Mar | 15 Mar | 16 Mar | 17 Mar | 18 Mar"},
      {{noon, noon + days(30)}, "UTC", "16 Mar | 23 Mar | 30 Mar | 6 Apr"},
      {{noon, noon + days(400)}, "UTC", "May | Jul | Sep | Nov | 2027 | Mar"},
      {{noon, noon + days(365 * 6)}, "UTC", "2027 | 2028 | 2029 | 2030 | 2031 | 2032"},
      {{noon, noon}, "UTC", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(labels_of(c.range, c.zone, 9), c.labels) << c.zone;
}

TEST(TimeTicks, StayRoundAcrossClockChanges) {
  // Berlin: on 29 March 2026 at 02:00 clocks go to 03:00; on 25 October at 03:00 back to 02:00.
  const TimeRange spring{at(2026, 3, 28, 21), at(2026, 3, 29, 20)};
  EXPECT_EQ(labels_of(spring, "Europe/Berlin", 9), "*29 Mar | 03:00 | 06:00 | 09:00 | 12:00 | 15:00 | 18:00 | 21:00");
  const TimeRange autumn{at(2026, 10, 24, 21), at(2026, 10, 25, 22)};
  EXPECT_EQ(labels_of(autumn, "Europe/Berlin", 10), "*25 Oct | 03:00 | 06:00 | 09:00 | 12:00 | 15:00 | 18:00 | 21:00");
  const TimeRange week{at(2026, 3, 26), at(2026, 4, 1)};
  const auto ticks = time_ticks(week, TimeZone::find("Europe/Berlin").value(), 9, Words());
  ASSERT_EQ(ticks.size(), 6u);
  EXPECT_EQ(ticks[2].time - ticks[1].time, hours(24));
  EXPECT_EQ(ticks[3].time - ticks[2].time, hours(23)) << "the Sunday of the change";
}

TEST(TimeTicks, ShowTheRepeatedHourOnce) {
  const TimeRange range{at(2026, 10, 24, 22, 30), at(2026, 10, 25, 4, 30)};
  EXPECT_EQ(labels_of(range, "Europe/Berlin", 9), "25 Oct 01:00 | 02:00 | 02:00 | 03:00 | 04:00 | 05:00")
      << "each hour is an hour long on the axis";
}

TEST(TimeTicks, StandDaysWithoutMidnight) {
  // In Beirut clocks went from 00:00 to 01:00 on 30 March 2025.
  const auto ticks = time_ticks({at(2025, 3, 28), at(2025, 4, 2)}, TimeZone::find("Asia/Beirut").value(), 6, Words());
  ASSERT_EQ(ticks.size(), 5u);
  EXPECT_EQ(ticks[1].label, "30 Mar");
  EXPECT_EQ(ticks[1].time, at(2025, 3, 29, 22));
}

TEST(TimeTicks, AreNeverMoreThanAskedFor) {
  const TimeZone zone = TimeZone::find("Europe/London").value();
  for (Duration length = seconds(1); length < days(365 * 80); length = length / 2 * 3) {
    for (const size_t most : {1u, 3u, 8u}) {
      const auto ticks = time_ticks({at(2026, 3, 1), at(2026, 3, 1) + length}, zone, most, Words());
      EXPECT_LE(ticks.size(), most);
    }
  }
}

}  // namespace
}  // namespace mps::chart
