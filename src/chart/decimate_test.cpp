#include "chart/decimate.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace mps::chart {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(FiniteRuns, AreWhatLiesBetweenGaps) {
  struct Case {
    std::vector<double> values;
    std::vector<chart::Run> runs;
  };
  const Case cases[] = {
      {{}, {}},
      {{kNan, kNan}, {}},
      {{1}, {{0, 1}}},
      {{1, 2, 3}, {{0, 3}}},
      {{kNan, 1, 2, kNan, 3, kInfinity}, {{1, 3}, {4, 5}}},
      {{1, -kInfinity, 2}, {{0, 1}, {2, 3}}},
  };
  for (const Case& c : cases) EXPECT_EQ(finite_runs(c.values), c.runs);
}

TEST(WithoutUsualHoles, FillsWhatARareSenderLeavesOpenAndKeepsOutages) {
  const auto holes = [](const std::vector<double>& values) { return finite_runs(without_usual_holes(values)); };
  const double n = kNan;
  const std::vector<double> rare = {1, n, n, 4, n, n, n, 8, n, n, 5, n, n, n, n, n, 5, n, n, 2, n};
  EXPECT_EQ(holes(rare), (std::vector<mps::chart::Run>{{0, 11}, {16, 20}}))
      << "a late one is no hole, a missing one is";
  EXPECT_EQ(without_usual_holes(rare)[1], 2);
  EXPECT_EQ(without_usual_holes(rare)[5], 6);
  const std::vector<double> dense = {1, 2, n, 4, 5, 6, n, n, 9};
  EXPECT_EQ(holes(dense), finite_runs(dense)) << "who sends in every cell has real holes";
  EXPECT_EQ(holes({1, n, 3}), finite_runs(std::vector<double>{1, n, 3})) << "two figures tell no habit";
  EXPECT_TRUE(without_usual_holes({}).empty());
}

TEST(Decimate, GathersTheFiguresOfEachColumn) {
  const std::vector<double> values = {1, 5, 3, 8, 8, 2};
  const std::vector<ColumnExtent> extents = decimate(values, 10, 0.5);
  ASSERT_EQ(extents.size(), 3u);
  EXPECT_EQ(extents[0], (ColumnExtent{10, 1, 5, 1, 5, 3}));
  EXPECT_EQ(extents[1], (ColumnExtent{11, 3, 8, 3, 8, 5.5}));
  EXPECT_EQ(extents[2], (ColumnExtent{12, 8, 2, 2, 8, 5}));
}

TEST(Decimate, ConnectsNeighboursAndLeavesGapsOpen) {
  const std::vector<double> values = {1, 1, 9, 9, kNan, kNan, 4, 4};
  const std::vector<ColumnExtent> extents = decimate(values, 0, 0.5);
  ASSERT_EQ(extents.size(), 3u);
  EXPECT_EQ(extents[1].min, 1) << "the way up from the column before belongs to the column";
  EXPECT_EQ(extents[1].mean, 9);
  EXPECT_EQ(extents[2].column, 3);
  EXPECT_EQ(extents[2].max, 4) << "nothing leads over a gap";
}

TEST(Decimate, LosesNoExtremeOfRandomSeries) {
  for (uint32_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::vector<double> values(1 + random() % 5000);
    Extremes all;
    for (double& value : values) {
      value = random() % 7 == 0 ? kNan : static_cast<double>(random() % 100000) / 100 - 300;
      all.add(value);
    }
    Extremes kept;
    int before = -1;
    for (const ColumnExtent& extent : decimate(values, 0.3, 700.0 / static_cast<double>(values.size()))) {
      EXPECT_GT(extent.column, before);
      EXPECT_LE(extent.min, extent.mean);
      EXPECT_LE(extent.mean, extent.max);
      before = extent.column;
      kept.add(extent.min);
      kept.add(extent.max);
    }
    EXPECT_EQ(kept.min, all.min);
    EXPECT_EQ(kept.max, all.max);
  }
}

TEST(Decimate, StandsGiantsWithoutOverflow) {
  const std::vector<double> values(10, std::numeric_limits<double>::max());
  const std::vector<ColumnExtent> extents = decimate(values, 0, 0.1);
  ASSERT_EQ(extents.size(), 1u);
  EXPECT_EQ(extents[0].mean, std::numeric_limits<double>::max());
}

TEST(Extremes, IgnoreWhatIsNotFinite) {
  Extremes extremes;
  EXPECT_TRUE(extremes.empty());
  extremes.add(kNan);
  extremes.add(kInfinity);
  EXPECT_TRUE(extremes.empty());
  extremes.add(std::vector<double>{4, -kInfinity, -2});
  EXPECT_EQ(extremes.min, -2);
  EXPECT_EQ(extremes.max, 4);
}

}  // namespace
}  // namespace mps::chart
