#include "alert/anomaly.h"

#include <gtest/gtest.h>
#include <random>

#include "testing/seed.h"

namespace mps::alert {
namespace {

TEST(Anomaly, TheBandHoldsNinetyNineOfAHundred) {
  const uint32_t seed = testing::test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::normal_distribution normal(40.0, 5.0);
  const Band band = band99(40 - 1.2816 * 5, 40, 40 + 1.2816 * 5);
  int out = 0;
  for (int i = 0; i < 100'000; ++i) out += outside(band, normal(random)) > 0;
  EXPECT_NEAR(out, 1000, 200);
}

TEST(Anomaly, EachSideHasItsOwnWidth) {
  const Band band = band99(38, 40, 60);
  EXPECT_LT(outside(band, 75), 0);
  EXPECT_GT(outside(band, 30), 0);
  EXPECT_GT(outside(band, 85), 0);
}

}  // namespace
}  // namespace mps::alert
