#include "alert/episodes.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

#include "testing/seed.h"

namespace mps::alert {
namespace {

using namespace std::chrono_literals;

const Timestamp kMonthStart(1'795'334'400s);

// A reading a minute: `quiet`, and for `busy_for` from the start of each hour in `hours` `busy`.
std::vector<Reading> readings_with_busy_hours(int days, std::initializer_list<int> hours, double quiet, double busy,
                                              Duration busy_for) {
  std::vector<Reading> readings;
  for (Duration t = 0s; t < days * 24h; t += 1min) {
    const auto hour = static_cast<int>(t / 1h);
    const bool is_busy = t % 1h < busy_for && std::find(hours.begin(), hours.end(), hour) != hours.end();
    readings.push_back({kMonthStart + t, is_busy ? busy : quiet});
  }
  return readings;
}

TEST(Episodes, AreTheIncidentsThatTheRuleWouldHaveMade) {
  const Rule rule{90, 90, 5min, 60min};
  const auto readings = readings_with_busy_hours(3, {5, 30, 31}, 20, 95, 10min);
  const auto found = episodes(rule, readings);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].breached_at, kMonthStart + 5h);
  EXPECT_EQ(found[0].fired_at, kMonthStart + 5h + 5min);
  EXPECT_EQ(found[0].ended_at, kMonthStart + 5h + 10min);
  EXPECT_EQ(found[0].peak, 95);
  EXPECT_TRUE(episodes(rule, readings_with_busy_hours(3, {5}, 20, 95, 5min)).empty()) << "too short";
  const auto lasting = episodes(rule, std::span(readings).first(5 * 60 + 8));
  ASSERT_EQ(lasting.size(), 1u);
  EXPECT_EQ(lasting[0].ended_at, std::nullopt);
}

TEST(Episodes, TheSuggestedThresholdIsAsWatchfulAsItCanBeWithoutBeingNoisy) {
  const uint32_t seed = testing::test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  auto readings = readings_with_busy_hours(30, {100, 300, 500}, 20, 80, 20min);
  for (Reading& reading : readings) reading.value += std::uniform_real_distribution(0.0, 10.0)(random);
  for (const Direction direction : {Direction::kAbove, Direction::kBelow}) {
    Rule rule{50, 50, 5min, 60min, direction};
    if (direction == Direction::kBelow) {
      for (Reading& reading : readings) reading.value = 100 - reading.value;
    }
    const double suggested = suggested_threshold(rule, readings, 3).value();
    EXPECT_EQ(episodes({suggested, suggested, 5min, 60min, direction}, readings).size(), 3u) << suggested;
    EXPECT_EQ(suggested_threshold(rule, std::vector<Reading>(100, {kMonthStart, 5}), 3), std::nullopt);
  }
}

TEST(Episodes, SilencesArePausesBetweenReadings) {
  const std::vector<Reading> readings = {{kMonthStart, 1}, {kMonthStart + 1min, 1}, {kMonthStart + 10min, 1}};
  const Rule rule{.hold = 3min, .kind = Kind::kNoData};
  const auto found = silences(rule, readings, kMonthStart + 20min);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].breached_at, kMonthStart + 1min);
  EXPECT_EQ(found[0].ended_at, kMonthStart + 10min);
  EXPECT_EQ(found[1].ended_at, std::nullopt);
  EXPECT_EQ(silences(rule, readings, kMonthStart + 11min).size(), 1u);
}

}  // namespace
}  // namespace mps::alert
