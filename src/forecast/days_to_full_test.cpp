#include "forecast/days_to_full.h"

#include <array>
#include <cmath>
#include <gtest/gtest.h>

#include "forecast/made_history.h"

namespace mps::forecast {
namespace {

constexpr std::array kLevels = {90.0, 100.0};

template <class F>
std::vector<Crossing> answer(size_t hours, F&& value) {
  const Grid grid{Timestamp{}, std::chrono::hours(1), hours};
  std::vector<double> values;
  for (size_t i = 0; i < hours; ++i) values.push_back(value(i));
  return days_to_full(grid, values, kLevels);
}

double days(const std::optional<Duration>& d) {
  return d ? std::chrono::duration<double, std::ratio<86400>>(*d).count() : -1;
}

TEST(DaysToFull, ASteadilyGrowingDiskIsFullWhenTheLineSaysSo) {
  std::mt19937_64 random(3);
  // 2 points a day, 60 % at the end: 90 in 15 days, 100 in 20.
  const auto all = answer(
      20 * 24, [&](size_t i) { return 60 - 2.0 * (20 - static_cast<double>(i) / 24) + 0.3 * next_uniform(random); });
  EXPECT_NEAR(days(all[0].expected), 15, 1);
  EXPECT_NEAR(days(all[1].expected), 20, 1);
  EXPECT_LE(*all[0].earliest, *all[0].expected);
  EXPECT_LE(*all[0].expected, *all[0].latest);
  EXPECT_LT(days(all[1].latest), 23);
}

TEST(DaysToFull, ADiskThatIsCleanedEveryNightDoesNotFillUp) {
  // Climbs from 40 to 85 each day; at its peak a naive line would call it full within hours.
  const auto all = answer(20 * 24 + 22, [](size_t i) { return 40 + 45.0 * static_cast<double>(i % 24) / 23; });
  for (const auto& c : all) EXPECT_FALSE(c.earliest || c.expected || c.latest) << c.level;
}

TEST(DaysToFull, AWeeklyCleanedDiskDoesNotEither) {
  const auto all = answer(28 * 24, [](size_t i) { return 40 + 40.0 * static_cast<double>(i % 168) / 167; });
  EXPECT_FALSE(all[1].expected);
}

TEST(DaysToFull, AfterOneCleanUpTheGrowthSinceThenCounts) {
  // 95 %, cleaned to 50 % ten days ago, growing 3 points a day since: 80 now, 90 in about 3.3 days.
  const auto all = answer(25 * 24, [](size_t i) {
    const double day = static_cast<double>(i) / 24;
    return day < 15 ? 80 + day : 50 + 3 * (day - 15);
  });
  EXPECT_NEAR(days(all[0].expected), 3.3, 0.7);
}

TEST(DaysToFull, NoiseWithoutATrendIsNoGrowth) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    const auto all = answer(28 * 24, [&](size_t) { return 60 + 3 * next_uniform(random); });
    EXPECT_FALSE(all[1].expected) << "seed " << seed;
  }
}

TEST(DaysToFull, WhatIsFullIsFullNow) {
  const auto all = answer(30, [](size_t) { return 93; });
  EXPECT_EQ(all[0].expected, Duration::zero());
  EXPECT_FALSE(all[1].expected);
}

TEST(DaysToFull, TooLittleOrNothingKnownSaysNothing) {
  EXPECT_FALSE(answer(40, [](size_t i) { return 10 + static_cast<double>(i); })[1].expected);
  EXPECT_FALSE(answer(0, [](size_t) { return 0; })[0].expected);
  EXPECT_FALSE(answer(400, [](size_t) { return kMissing; })[0].expected);
}

TEST(DaysToFull, GapsDoNotMoveTheTrend) {
  const auto all = answer(20 * 24, [](size_t i) {
    return i / 24 % 4 == 2 || i % 5 == 0 ? kMissing : 60 - 2.0 * (20 - static_cast<double>(i) / 24);
  });
  EXPECT_NEAR(days(all[0].expected), 15, 1);
}

}  // namespace
}  // namespace mps::forecast
