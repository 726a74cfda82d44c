#include "forecast/contest.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "forecast/baselines.h"
#include "forecast/made_history.h"

namespace mps::forecast {
namespace {

const Layout kContestLayout = layout_for(kHour).value();
using Names = std::vector<std::string>;

OriginForecasts says(const std::vector<double>& medians, double spread = 0) {
  OriginForecasts f;
  for (const double m : medians) f.medians.emplace_back(kContestLayout.steps, m);
  if (spread > 0)
    f.lstm.assign(kContestLayout.steps, {medians.back() - spread, medians.back(), medians.back() + spread});
  return f;
}

void absorb(Contest& contest, const OriginForecasts& f, double actual) {
  contest.absorb(contest.forecast(f), std::vector<double>(kContestLayout.steps, actual), 0, kContestLayout.steps);
}

TEST(Contest, TheCombinationFollowsWhoeverHasBeenRightLately) {
  Contest contest(kContestLayout, Names{"naive", "ridge"});
  EXPECT_EQ(contest.forecast(says({0, 10})).back()[0].p50, 5) << "nothing is known yet: the mean";
  for (int i = 0; i < 50; ++i) absorb(contest, says({0, 10}), 9);
  EXPECT_NEAR(contest.forecast(says({0, 10})).back()[0].p50, 10, 0.01);
  for (int i = 0; i < 300; ++i) absorb(contest, says({0, 10}), 1);
  EXPECT_NEAR(contest.forecast(says({0, 10})).back()[0].p50, 0, 0.2);
}

TEST(Contest, AMethodWithNothingToSayIsLeftOutAndNotPraised) {
  Contest contest(kContestLayout, Names{"naive", "seasonal naive (week)"});
  for (int i = 0; i < 20; ++i) absorb(contest, says({3, kMissing}), 4);
  EXPECT_EQ(contest.forecast(says({3, kMissing})).back()[0].p50, 3);
  EXPECT_EQ(contest.forecast(says({3, 100})).back()[0].p50, 3) << "never measured";
  EXPECT_EQ(contest.methods()[contest.best()].name, kCombination);
}

TEST(Contest, UnknownOutcomesTeachNothing) {
  Contest contest(kContestLayout, Names{"naive"});
  absorb(contest, says({3}), 4);
  const auto before = contest.methods()[0];
  absorb(contest, says({3}), kMissing);
  EXPECT_EQ(contest.methods()[0].error, before.error);
  EXPECT_EQ(contest.methods()[0].above, before.above);
}

// Outcomes spread three times as wide as the network believes, and to one side more than to the other.
TEST(Contest, BandsWidenUntilTheyHoldEightyPercent) {
  Contest contest(kContestLayout, Names{"naive", "lstm"});
  std::mt19937_64 random(4);
  int inside = 0, count = 0;
  for (int i = 0; i < 3000; ++i) {
    const double actual = 3 * next_uniform(random) + (next_uniform(random) > 0 ? 2 * next_uniform(random) : 0);
    const auto f = says({0, 0}, 1);
    const auto q = contest.forecast(f).back()[0];
    if (i >= 1000) inside += q.p10 <= actual && actual <= q.p90, ++count;
    absorb(contest, f, actual);
  }
  EXPECT_NEAR(static_cast<double>(inside) / count, 0.8, 0.03);
}

TEST(Contest, LearningInPartsIsLearningAtOnce) {
  Contest whole(kContestLayout, Names{"naive", "ridge"}), parts = whole;
  const auto f = says({1, 2});
  const std::vector<double> actual = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  whole.absorb(whole.forecast(f), actual, 0, 12);
  const auto made = parts.forecast(f);
  for (const size_t from : {0, 3, 6, 9}) parts.absorb(made, actual, from, from + 3);
  for (size_t m = 0; m < 3; ++m) {
    for (size_t b = 0; b < Contest::kBuckets; ++b) {
      EXPECT_NEAR(whole.methods()[m].error[b], parts.methods()[m].error[b], 1e-12);
      EXPECT_NEAR(whole.methods()[m].mass[b], parts.methods()[m].mass[b], 1e-12);
    }
  }
}

}  // namespace
}  // namespace mps::forecast
