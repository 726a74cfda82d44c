#include "alert/evaluator.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "testing/seed.h"

namespace mps::alert {
namespace {

using namespace std::chrono_literals;

const Timestamp kStart(1'795'334'400s);
const Rule kRule{90, 85, 5min, 60min};

// A reading every `step` from `from` on.
std::vector<Reading> readings(Timestamp from, Duration step, std::initializer_list<double> values) {
  std::vector<Reading> out;
  for (const double value : values) {
    out.push_back({from, value});
    from += step;
  }
  return out;
}

TEST(Evaluator, FiresOnlyAfterTheHoldTime) {
  struct Case {
    std::vector<Reading> readings;
    std::optional<Transition> expected;
    const char* name;
  };
  const std::vector<Case> cases = {
      {readings(kStart, 1min, {91, 92, 95, 99, 91, 93}), Transition::kFired, "five minutes over"},
      {readings(kStart, 1min, {91, 92, 95, 99, 91}), std::nullopt, "four minutes over"},
      {readings(kStart, 1min, {91, 92, 90, 99, 91, 93}), std::nullopt, "exactly the threshold in between"},
      {{{kStart, 91}, {kStart + 1min, 91}, {kStart + 5min, 92}}, std::nullopt, "a gap of four minutes"},
      {readings(kStart, 1min, {50, 60, 70}), std::nullopt, "never over"},
      {{}, std::nullopt, "nothing arrived"},
      {readings(kStart, 1min, {91, 92, 95, 99, 91, 93, 20}), std::nullopt, "fired and over within one batch"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(evaluate(kRule, c.readings, {}, kStart + 7min).transition, c.expected) << c.name;
  }
}

TEST(Evaluator, StaysFiringInsideTheHysteresisAndResolvesBelowIt) {
  RuleState state = evaluate(kRule, readings(kStart, 1min, {91, 91, 91, 91, 91, 91}), {}, kStart + 5min).state;
  ASSERT_TRUE(state.firing);
  Evaluation inside = evaluate(kRule, readings(kStart + 6min, 1min, {89, 86, 91, 85}), state, kStart + 9min);
  EXPECT_EQ(inside.transition, std::nullopt);
  EXPECT_TRUE(inside.state.firing);
  Evaluation below = evaluate(kRule, readings(kStart + 10min, 1min, {84.9}), inside.state, kStart + 10min);
  EXPECT_EQ(below.transition, Transition::kResolved);
  EXPECT_FALSE(below.state.breached_at);
}

TEST(Evaluator, WithoutHysteresisAnyFallToTheThresholdResolves) {
  const Rule rule{90, 90, 1min, 60min};
  const RuleState state = evaluate(rule, readings(kStart, 1min, {91, 91}), {}, kStart + 1min).state;
  EXPECT_EQ(evaluate(rule, readings(kStart + 2min, 1min, {90}), state, kStart + 2min).transition,
            Transition::kResolved);
}

TEST(Evaluator, RepeatsOncePerIntervalWhileDataArrives) {
  RuleState state;
  int fired = 0, repeated = 0;
  for (Duration t = 0min; t < 3h + 1min; t += 10s) {
    const Reading reading{kStart + t, 95};
    const Evaluation e = evaluate(kRule, std::span(&reading, 1), state, kStart + t);
    state = e.state;
    fired += e.transition == Transition::kFired;
    repeated += e.transition == Transition::kRepeated;
  }
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(repeated, 2);  // fired after 5 min, repeated at 1:05 and 2:05
  EXPECT_EQ(evaluate(kRule, {}, state, kStart + 10h).transition, std::nullopt) << "silence repeats nothing";
}

TEST(Evaluator, OldReadingsChangeNothing) {
  const RuleState state = evaluate(kRule, readings(kStart, 1min, {91, 91, 91, 91, 91, 91}), {}, kStart + 5min).state;
  const Evaluation late = evaluate(kRule, readings(kStart - 1h, 1min, {10, 10}), state, kStart + 6min);
  EXPECT_EQ(late.transition, std::nullopt);
  EXPECT_TRUE(late.state.firing);
}

TEST(Evaluator, BelowIsAboveUpsideDown) {
  Rule rule{10, 15, 2min, 60min};
  rule.direction = Direction::kBelow;
  RuleState state = evaluate(rule, readings(kStart, 1min, {9, 5, 7}), {}, kStart + 2min).state;
  EXPECT_TRUE(state.firing);
  EXPECT_EQ(state.peak, 5);
  Evaluation inside = evaluate(rule, readings(kStart + 3min, 1min, {12, 15}), state, kStart + 4min);
  EXPECT_TRUE(inside.state.firing);
  EXPECT_EQ(evaluate(rule, readings(kStart + 5min, 1min, {15.1}), inside.state, kStart + 5min).transition,
            Transition::kResolved);
  EXPECT_EQ(evaluate(rule, readings(kStart, 1min, {10, 10, 10}), {}, kStart + 2min).transition, std::nullopt)
      << "exactly the threshold is not below it";
}

TEST(Evaluator, AServerThatSendsEveryTenMinutesIsWatchedToo) {
  const auto breach = readings(kStart, 10min, {50, 95, 95});
  const Evaluation fired = evaluate(kRule, breach, {}, kStart + 25min);
  EXPECT_EQ(fired.transition, Transition::kFired) << "five minutes old, which is fresh for it";
  EXPECT_EQ(evaluate(kRule, readings(kStart, 10min, {50, 95}), {}, kStart + 15min).transition, std::nullopt);
}

TEST(Evaluator, WhatIsOverIsNoAlarm) {
  const auto breach = readings(kStart, 1min, {91, 92, 95, 99, 91, 93});
  const Evaluation late = evaluate(kRule, breach, {}, kStart + 1h);
  EXPECT_EQ(late.transition, std::nullopt) << "an hour late: these readings were kept by an agent";
  EXPECT_TRUE(late.state.broken);
  const Evaluation ended = evaluate(kRule, readings(kStart + 6min, 1min, {20}), late.state, kStart + 1h);
  EXPECT_EQ(ended.transition, std::nullopt) << "what nobody was told of needs no end";
  const Evaluation lasts = evaluate(kRule, readings(kStart + 1h, 1min, {95, 96}), late.state, kStart + 61min);
  EXPECT_EQ(lasts.transition, Transition::kFired) << "it lasts: now people must know";
}

TEST(Evaluator, MutedItNeitherFiresNorRepeatsAndCatchesUpAfterwards) {
  const auto breach = readings(kStart, 1min, {91, 92, 95, 99, 91, 93});
  const Evaluation muted = evaluate(kRule, breach, {}, kStart + 5min, Voice::kMuted);
  EXPECT_EQ(muted.transition, std::nullopt);
  const Evaluation open = evaluate(kRule, {}, muted.state, kStart + 6min);
  EXPECT_EQ(open.transition, Transition::kFired);
  EXPECT_EQ(open.state.breached_at, kStart);
  const Evaluation hours = evaluate(kRule, readings(kStart + 2h, 1min, {95}), open.state, kStart + 2h, Voice::kMuted);
  EXPECT_EQ(hours.transition, std::nullopt);
  EXPECT_EQ(evaluate(kRule, readings(kStart + 3h, 1min, {15}), hours.state, kStart + 3h, Voice::kMuted).transition,
            Transition::kResolved);
}

TEST(Evaluator, AClockThatIsSetBackNeitherFiresTwiceNorFallsSilentForLong) {
  RuleState state = evaluate(kRule, readings(kStart, 1min, {91, 92, 95, 99, 91, 93}), {}, kStart + 5min).state;
  // Our clock goes back ten hours; the server's stamps stay right.
  const Evaluation jumped = evaluate(kRule, readings(kStart + 6min, 1min, {95}), state, kStart - 10h);
  EXPECT_EQ(jumped.transition, std::nullopt);
  EXPECT_EQ(evaluate(kRule, readings(kStart + 7min, 1min, {95}), jumped.state, kStart - 9h).transition,
            Transition::kRepeated);
}

TEST(Evaluator, FourChangesInAnHourHoldItOpenUntilItIsCalm) {
  const Rule rule{90, 90, 1min, 60min};
  RuleState state;
  std::vector<Transition> heard;
  Timestamp t = kStart;
  const auto feed = [&](double value, Duration how_long) {
    for (const Timestamp end = t + how_long; t < end; t += 30s) {
      const Reading reading{t, value};
      const Evaluation e = evaluate(rule, std::span(&reading, 1), state, t);
      state = e.state;
      if (e.transition) heard.push_back(*e.transition);
    }
  };
  for (int i = 0; i < 6; ++i) feed(95, 3min), feed(50, 3min);
  using enum Transition;
  EXPECT_EQ(heard, (std::vector{kFired, kResolved, kFired, kRepeated})) << "the second end is the fourth change";
  EXPECT_TRUE(state.firing);
  EXPECT_TRUE(state.flapping);
  feed(50, 26min);
  EXPECT_EQ(heard.size(), 4u) << "not calm for long enough";
  feed(50, 5min);
  EXPECT_EQ(heard.back(), kResolved);
  EXPECT_FALSE(state.firing);
  feed(95, 2min);
  EXPECT_EQ(heard.back(), kFired);
  EXPECT_FALSE(state.flapping);
}

// The random tests print their seeds.
class RandomEvaluator : public ::testing::Test {
 protected:
  std::vector<Reading> random_readings(size_t count) {
    std::vector<Reading> all;
    Timestamp t = kStart;
    for (size_t i = 0; i < count; ++i) {
      t += std::chrono::seconds(std::uniform_int_distribution(5, i % 50 == 0 ? 400 : 90)(random_));
      all.push_back({t, std::uniform_real_distribution(i / 100 % 2 ? 88.0 : 60.0, 99.0)(random_)});
    }
    return all;
  }
  const uint32_t seed_ = testing::test_seed();
  const ::testing::ScopedTrace trace_{__FILE__, __LINE__, seed_};
  std::mt19937 random_{seed_};
};

TEST_F(RandomEvaluator, BatchesOfAnySizeGiveTheSameIncidents) {
  const auto all = random_readings(2000);
  RuleState one_by_one;
  for (const Reading& reading : all)
    one_by_one = evaluate(kRule, std::span(&reading, 1), one_by_one, reading.time).state;
  const RuleState at_once = evaluate(kRule, all, {}, all.back().time).state;
  EXPECT_EQ(at_once.broken, one_by_one.broken);
  EXPECT_EQ(at_once.breached_at, one_by_one.breached_at);
  EXPECT_EQ(at_once.last_reading, one_by_one.last_reading);
}

TEST_F(RandomEvaluator, NothingFiresUnlessAllReadingsOfTheHoldTimeAreBeyond) {
  for (int round = 0; round < 20; ++round) {
    const auto all = random_readings(1000);
    RuleState state;
    for (size_t i = 0; i < all.size(); ++i) {
      const Evaluation e = evaluate(kRule, std::span(&all[i], 1), state, all[i].time);
      state = e.state;
      if (e.transition != Transition::kFired) continue;
      for (size_t j = i; all[j].time > *state.breached_at; --j) {
        EXPECT_GT(all[j].value, kRule.threshold);
        EXPECT_LE(all[j].time - all[j - 1].time, kGapMax);
      }
      EXPECT_GE(all[i].time - *state.breached_at, kRule.hold);
    }
  }
}

TEST_F(RandomEvaluator, InsideTheBandOfTheHysteresisNothingEverChanges) {
  for (const bool firing : {false, true}) {
    RuleState state;
    Timestamp t = kStart;
    if (firing) {
      state = evaluate(kRule, readings(t, 1min, {91, 91, 91, 91, 91, 91}), {}, t + 5min).state;
      t += 5min;
    }
    ASSERT_EQ(state.firing, firing);
    for (int i = 0; i < 5000; ++i) {
      t += 10s;
      const Reading reading{t, std::uniform_real_distribution(kRule.clear, kRule.threshold)(random_)};
      state = evaluate(kRule, std::span(&reading, 1), state, t).state;
      ASSERT_EQ(state.broken, firing);
      ASSERT_EQ(state.firing, firing);
    }
  }
}

// Samples that come up to ten minutes late, in any order, leave the condition that they would have left in order.
TEST_F(RandomEvaluator, TheOrderOfLateSamplesDoesNotMatter) {
  for (int round = 0; round < 30; ++round) {
    const auto all = random_readings(300);
    std::vector<std::pair<Timestamp, Reading>> arrivals;
    for (const Reading& reading : all) {
      const bool late = std::bernoulli_distribution(0.1)(random_);
      const auto delay = std::chrono::seconds(late ? std::uniform_int_distribution(1, 600)(random_) : 0);
      arrivals.emplace_back(reading.time + delay, reading);
    }
    std::sort(arrivals.begin(), arrivals.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Reading> stored;
    RuleState state;
    for (const auto& [now, reading] : arrivals) {
      const bool is_late = !stored.empty() && reading.time < stored.back().time;
      stored.insert(std::upper_bound(stored.begin(), stored.end(), reading,
                                     [](const Reading& a, const Reading& b) { return a.time < b.time; }),
                    reading);
      const Timestamp from = now - window_of(kRule);
      const auto begin = std::lower_bound(stored.begin(), stored.end(), from,
                                          [](const Reading& a, Timestamp time) { return a.time < time; });
      state = is_late ? evaluate_again(kRule, from, {begin, stored.end()}, state, now).state
                      : evaluate(kRule, std::span(&reading, 1), state, now).state;
    }
    const RuleState in_order = evaluate(kRule, all, {}, all.back().time).state;
    EXPECT_EQ(state.broken, in_order.broken);
    EXPECT_EQ(state.breached_at, in_order.breached_at);
    EXPECT_EQ(state.last_reading, in_order.last_reading);
  }
}

}  // namespace
}  // namespace mps::alert
