#include "store/embedded/aggregate.h"

#include <cmath>
#include <gtest/gtest.h>

namespace mps::store {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart{std::chrono::seconds(1'000'000'200)};  // a multiple of 5 minutes

Sample gauge(Duration at, double v) {
  return {kStart + at, Value::of_float(v)};
}
Sample counter(Duration at, int64_t v) {
  return {kStart + at, Value::of_integer(v)};
}
Grid grid(Duration step, size_t size) {
  return {kStart, step, size};
}

TEST(Aggregate, SumsUpEachCell) {
  const std::vector<Sample> samples = {gauge(-1s, 99), gauge(0s, 4),   gauge(30s, 1),
                                       gauge(59s, 7),  gauge(120s, 5), gauge(180s, 99)};
  const auto in_first_and_third = [&](Aggregate how, double first, double third) {
    const auto cells = aggregate_samples(samples, grid(60s, 3), how);
    EXPECT_EQ(cells[0], first);
    EXPECT_TRUE(std::isnan(cells[1]));
    EXPECT_EQ(cells[2], third);
  };
  in_first_and_third(Aggregate::kMean, 4, 5);
  in_first_and_third(Aggregate::kMin, 1, 5);
  in_first_and_third(Aggregate::kMax, 7, 5);
  in_first_and_third(Aggregate::kLast, 7, 5);
  in_first_and_third(Aggregate::kSum, 12, 5);
  in_first_and_third(Aggregate::kCount, 3, 1);
}

TEST(Aggregate, ARateCountsWhatCameIntoTheCellToo) {
  const std::vector<Sample> samples = {counter(-10s, 100), counter(0s, 200), counter(10s, 300), counter(60s, 1300)};
  const auto cells = aggregate_samples(samples, grid(60s, 2), Aggregate::kRate);
  EXPECT_DOUBLE_EQ(cells[0], 10);
  EXPECT_DOUBLE_EQ(cells[1], 20);
}

TEST(Aggregate, AFallOfACounterIsAResetToZero) {
  const std::vector<Sample> samples = {counter(0s, 1000), counter(10s, 1100), counter(20s, 40), counter(30s, 90)};
  EXPECT_DOUBLE_EQ(aggregate_samples(samples, grid(60s, 1), Aggregate::kRate)[0], (100 + 40 + 50) / 30.0);
}

TEST(Aggregate, AGapOfOverFiveMinutesGivesNoRate) {
  const std::vector<Sample> samples = {counter(0s, 0), counter(5min, 300), counter(10min + 1s, 900),
                                       counter(10min + 11s, 910)};
  const auto cells = aggregate_samples(samples, grid(1min, 11), Aggregate::kRate);
  EXPECT_DOUBLE_EQ(cells[5], 1);
  EXPECT_DOUBLE_EQ(cells[10], 1);
  EXPECT_TRUE(std::isnan(cells[0]));
}

TEST(Aggregate, WideCellsBridgeWiderGaps) {
  const std::vector<Sample> samples = {counter(0s, 0), counter(100min, 6000)};
  EXPECT_DOUBLE_EQ(aggregate_samples(samples, grid(1h, 2), Aggregate::kRate)[1], 1);
}

TEST(Aggregate, IncreasesOfHugeCountersAreExact) {
  EXPECT_EQ(counter_increase(Value::of_integer(9007199254740993), Value::of_integer(9007199254740994)), 1);
  EXPECT_EQ(counter_increase(Value::of_unsigned(~uint64_t{0} - 5), Value::of_unsigned(~uint64_t{0})), 5);
  EXPECT_EQ(counter_increase(Value::of_float(10), Value::of_integer(12)), 2);
}

TEST(Aggregate, AnEmptyGridOrNoSamplesIsFine) {
  EXPECT_TRUE(aggregate_samples({}, grid(60s, 0), Aggregate::kMean).empty());
  EXPECT_TRUE(std::isnan(aggregate_samples({}, grid(60s, 1), Aggregate::kRate)[0]));
}

}  // namespace
}  // namespace mps::store
