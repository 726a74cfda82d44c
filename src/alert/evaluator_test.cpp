#include "alert/evaluator.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

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
      {readings(kStart, 4min, {91, 92, 95}), std::nullopt, "gaps of four minutes are no breach"},
      {readings(kStart, 1min, {50, 60, 70}), std::nullopt, "never over"},
      {{}, std::nullopt, "nothing arrived"},
      {readings(kStart, 1min, {91, 92, 95, 99, 91, 93, 20}), std::nullopt, "fired and over within one batch"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(evaluate(kRule, c.readings, {}, kStart + 10min).transition, c.expected) << c.name;
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

TEST(Evaluator, BatchesOfAnySizeGiveTheSameIncidents) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::vector<Reading> all;
  Timestamp t = kStart;
  for (int i = 0; i < 2000; ++i) {
    t += std::chrono::seconds(std::uniform_int_distribution(5, 90)(random));
    all.push_back({t, std::uniform_real_distribution(i / 100 % 2 ? 88.0 : 60.0, 99.0)(random)});
  }
  RuleState one_by_one;
  for (const Reading& reading : all)
    one_by_one = evaluate(kRule, std::span(&reading, 1), one_by_one, reading.time).state;
  const RuleState at_once = evaluate(kRule, all, {}, t).state;
  EXPECT_EQ(at_once.firing, one_by_one.firing);
  EXPECT_EQ(at_once.breached_at, one_by_one.breached_at);
  EXPECT_EQ(at_once.last_reading, one_by_one.last_reading);
}

}  // namespace
}  // namespace mps::alert
