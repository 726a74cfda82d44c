#include "gateway/buckets.h"

#include <gtest/gtest.h>

namespace mps::gateway {
namespace {

using namespace std::chrono_literals;

const Timestamp kStart(1'795'334'400s);

TEST(Buckets, ABurstIsTakenAndThenOneAtATime) {
  Buckets buckets({.per_second = 2, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.take("a", kStart)) << i;
  ASSERT_TRUE(buckets.take("a", kStart));
  EXPECT_NEAR(std::chrono::duration<double>(*buckets.take("a", kStart)).count(), 0.5, 1e-6);
  EXPECT_FALSE(buckets.take("b", kStart)) << "each key is of its own";
  EXPECT_FALSE(buckets.take("a", kStart + 501ms));
  EXPECT_TRUE(buckets.take("a", kStart + 501ms));
}

TEST(Buckets, LookingTakesNothing) {
  Buckets buckets({.per_second = 1, .burst = 1});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.wait_of("a", kStart));
  EXPECT_FALSE(buckets.take("a", kStart));
  EXPECT_TRUE(buckets.wait_of("a", kStart));
  EXPECT_FALSE(buckets.wait_of("a", kStart + 2s));
}

TEST(Buckets, AClockThatIsSetBackGivesNothingAndBreaksNothing) {
  Buckets buckets({.per_second = 1, .burst = 1});
  EXPECT_FALSE(buckets.take("a", kStart));
  EXPECT_TRUE(buckets.take("a", kStart - 24h));
  EXPECT_FALSE(buckets.take("a", kStart - 24h + 2s));
}

TEST(Buckets, RemembersOnlySoMany) {
  Buckets buckets({.per_second = 1, .burst = 1, .keys_max = 10});
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(buckets.take(std::to_string(i), kStart));
  EXPECT_TRUE(buckets.take("999", kStart)) << "the newest is remembered";
}

TEST(Buckets, ZeroIsNoLimit) {
  Buckets buckets({.per_second = 0});
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(buckets.take("a", kStart));
}

}  // namespace
}  // namespace mps::gateway
