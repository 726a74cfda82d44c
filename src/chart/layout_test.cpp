#include "chart/layout.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace mps::chart {
namespace {

TEST(Spread, MovesOnlyWhatIsTooClose) {
  EXPECT_EQ(spread({}, 10, 0, 100), std::vector<double>());
  EXPECT_EQ(spread({50}, 10, 0, 100), std::vector<double>({50}));
  EXPECT_EQ(spread({20, 80}, 10, 0, 100), std::vector<double>({20, 80}));
  EXPECT_EQ(spread({50, 50}, 10, 0, 100), std::vector<double>({45, 55}));
  EXPECT_EQ(spread({52, 50}, 10, 0, 100), std::vector<double>({56, 46})) << "unsorted positions keep their order";
  EXPECT_EQ(spread({90, 50, 50}, 10, 0, 100), std::vector<double>({90, 45, 55}));
}

TEST(Spread, StaysInside) {
  EXPECT_EQ(spread({-5}, 10, 0, 100), std::vector<double>({0}));
  EXPECT_EQ(spread({99, 100}, 10, 0, 100), std::vector<double>({90, 100}));
  EXPECT_EQ(spread({1, 2, 3}, 40, 0, 60), std::vector<double>({0, 30, 60})) << "too many: evenly";
}

TEST(Spread, KeepsDistanceAndBoundsForRandomPositions) {
  for (uint32_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::vector<double> wanted(1 + random() % 12);
    for (double& y : wanted) y = static_cast<double>(random() % 600) - 50;
    std::vector<double> positions = spread(wanted, 32, 0, 500);
    std::sort(positions.begin(), positions.end());
    EXPECT_GE(positions.front(), -1e-9);
    EXPECT_LE(positions.back(), 500 + 1e-9);
    for (size_t i = 1; i < positions.size(); ++i) EXPECT_GE(positions[i] - positions[i - 1], 32 - 1e-9);
  }
}

}  // namespace
}  // namespace mps::chart
