#include "alert/growth.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "testing/seed.h"

namespace mps::alert {
namespace {

using namespace std::chrono_literals;

const Timestamp kGrowthStart(1'795'334'400s);

class GrowthTest : public ::testing::Test {
 protected:
  // 5-minute readings of `value` at an hour, noisy, from kGrowthStart on.
  template <class Value>
  std::vector<Reading> readings(double hours, Value value) {
    std::vector<Reading> out;
    for (int i = 0; i < hours * 12; ++i)
      out.push_back({kGrowthStart + i * 5min, value(i / 12.0) + std::normal_distribution(0.0, 0.1)(random_)});
    return out;
  }
  const uint32_t seed_ = testing::test_seed();
  const ::testing::ScopedTrace trace_{__FILE__, __LINE__, seed_};
  std::mt19937 random_{seed_};
};

TEST_F(GrowthTest, ARunawayLogIsSeenWithinHours) {
  // 60 % for two days, then 5 % an hour for three hours: 75 %, so 95 % in four hours.
  const auto crossing = fast_growth(95, readings(51, [](double h) { return h < 48 ? 60 : 60 + 5 * (h - 48); }));
  ASSERT_TRUE(crossing.expected);
  const auto minutes = (*crossing.expected - (kGrowthStart + 51h)) / 1min;
  EXPECT_NEAR(static_cast<double>(minutes), 240, 15);
  EXPECT_LT(*crossing.earliest, *crossing.expected);
  EXPECT_GT(*crossing.latest, *crossing.expected);
}

TEST_F(GrowthTest, ADiskThatIsCleanedEveryNightDoesNotFill) {
  const auto cleaned = [](double h) { return 60 + 1.3 * std::fmod(h, 24); };  // 60 to 91 % every day
  for (double hours = 48; hours < 96; hours += 0.5)
    EXPECT_FALSE(fast_growth(95, readings(hours, cleaned)).expected) << hours;
}

TEST_F(GrowthTest, WithoutGrowthOrWithoutADayBeforeThereIsNoAnswer) {
  EXPECT_FALSE(fast_growth(95, {}).expected);
  EXPECT_FALSE(fast_growth(95, readings(72, [](double) { return 80; })).expected);
  EXPECT_FALSE(fast_growth(95, readings(26, [](double h) { return h < 23 ? 60 : 60 + 5 * (h - 23); })).expected);
  EXPECT_FALSE(fast_growth(70, readings(51, [](double h) { return h < 48 ? 60 : 60 + 5 * (h - 48); })).expected)
      << "it is over 70 % already";
}

class SlowGrowthTest : public GrowthTest {
 protected:
  // Hourly means, and how many hours after the last of them the crossing of 95 % is expected.
  template <class Value>
  std::optional<double> hours_to_95(int hours, Value value) {
    std::vector<Reading> hourly;
    for (int i = 0; i < hours; ++i)
      hourly.push_back({kGrowthStart + i * 1h, value(i) + std::normal_distribution(0.0, 0.05)(random_)});
    crossing_ = slow_growth(95, hourly);
    if (!crossing_.expected) return std::nullopt;
    return std::chrono::duration<double, std::ratio<3600>>(*crossing_.expected - hourly.back().time).count();
  }
  Crossing crossing_;
};

TEST_F(SlowGrowthTest, SteadyGrowthIsFollowedToTheHour) {
  const auto hours = hours_to_95(241, [](double h) { return 60 + h / 8; });  // 90 % now, 3 % a day
  ASSERT_TRUE(hours);
  EXPECT_NEAR(*hours, 40, 2);
  EXPECT_LE(*crossing_.earliest, *crossing_.expected);
  EXPECT_GE(*crossing_.latest, *crossing_.expected);
}

TEST_F(SlowGrowthTest, TheDailyPeaksCrossFirst) {
  // Rises by 10 % each day and is cleaned, but 1 % less each time.
  const auto hours = hours_to_95(10 * 24, [](double h) { return 70 + h / 24 + 10 * std::fmod(h, 24) / 24; });
  ASSERT_TRUE(hours);
  EXPECT_NEAR(*hours, 5 * 24, 18);
}

TEST_F(SlowGrowthTest, CleaningEveryNightOrEveryWeekIsNoGrowth) {
  EXPECT_FALSE(hours_to_95(14 * 24, [](double h) { return 60 + 1.35 * std::fmod(h, 24); }));
  for (int hours = 21 * 24; hours < 28 * 24; hours += 7)
    EXPECT_FALSE(hours_to_95(hours, [](double h) { return 60 + 32 * std::fmod(h, 168) / 168; })) << hours;
}

TEST_F(SlowGrowthTest, AfterOneCleanUpOnlyWhatCameSinceCounts) {
  const auto hours = hours_to_95(241, [](double h) { return h < 120 ? 30 + h / 2 : 60 + (h - 120) / 8; });
  ASSERT_TRUE(hours);
  EXPECT_NEAR(*hours, 160, 12) << "75 % now, 3 % a day";
}

TEST_F(SlowGrowthTest, WhatHasBegunToGrowLatelyIsFollowedOnceItIsFullerThanEverBefore) {
  for (const int since : {5, 9, 16}) {
    const auto grows = [&](double h) { return h < 24 * (28 - since) ? 60 : 60 + (h - 24 * (28 - since)) / 16; };
    const auto hours = hours_to_95(28 * 24, grows);
    ASSERT_TRUE(hours) << since;
    EXPECT_NEAR(*hours, (35 - 1.5 * since) * 16, 40) << since;
  }
  EXPECT_FALSE(hours_to_95(28 * 24, [](double h) {
    return h < 200 ? 80 : h < 500 ? 60 : 60 + (h - 500) / 16;
  })) << "it was at 80 % before, and is at 71";
}

TEST_F(SlowGrowthTest, AStepOrTwoDaysAreNoTrend) {
  EXPECT_FALSE(hours_to_95(240, [](double h) { return h < 200 ? 60 : 80; }));
  EXPECT_FALSE(hours_to_95(48, [](double h) { return 60 + h / 2; }));
  EXPECT_FALSE(hours_to_95(240, [](double) { return 80; }));
  EXPECT_FALSE(slow_growth(95, {}).expected);
}

}  // namespace
}  // namespace mps::alert
