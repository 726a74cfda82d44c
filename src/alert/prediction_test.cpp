#include "alert/prediction.h"

#include <cmath>
#include <gtest/gtest.h>

namespace mps::alert {
namespace {

using namespace std::chrono_literals;

const Timestamp kLookedAt(1'795'334'400s);

class PredictionTest : public ::testing::Test {
 protected:
  // A look every 15 minutes.
  std::optional<Transition> look(const Outlook& outlook) {
    now_ += 15min;
    const auto result = evaluate_prediction(rule_, outlook, state_, now_);
    state_ = result.state;
    return result.transition;
  }
  // 90 % now, full `ahead`.
  Outlook filling(Duration ahead) const {
    return {{now_ + ahead / 2, now_ + 15min + ahead, now_ + ahead * 2}, 90, 10 * 24h, 5h, 1};
  }
  Outlook calm() const { return {{}, 90, 10 * 24h, 5h, 1}; }

  Rule rule_{.threshold = 95, .clear = 94, .repeat = 12h, .kind = Kind::kPrediction, .within = 24h};
  Timestamp now_ = kLookedAt;
  PredictionState state_;
};

using enum Transition;

TEST_F(PredictionTest, ThreeAgreeingLooksFire) {
  EXPECT_EQ(look(filling(10h)), std::nullopt);
  EXPECT_EQ(look(filling(10h)), std::nullopt);
  EXPECT_EQ(look(filling(9h)), kFired);
  EXPECT_EQ(state_.crossing.expected, now_ + 9h);
  EXPECT_EQ(look(filling(9h)), std::nullopt);
}

TEST_F(PredictionTest, LooksThatDisagreeOrAreInterruptedDoNot) {
  for (int i = 0; i < 6; ++i) EXPECT_EQ(look(filling(i % 2 == 0 ? 3h : 20h)), std::nullopt) << i;
  look(calm());
  look(filling(5h)), look(filling(5h));
  EXPECT_EQ(look(calm()), std::nullopt);
  look(filling(5h));
  EXPECT_EQ(look(filling(5h)), std::nullopt);
  EXPECT_EQ(look(filling(5h)), kFired);
}

TEST_F(PredictionTest, EachGuardHoldsItBack) {
  struct Case {
    const char* name;
    void (*spoil)(Outlook&);
  };
  const Case cases[] = {
      {"further ahead than asked", [](Outlook& o) { *o.crossing.expected += 20h; }},
      {"two days of history", [](Outlook& o) { o.history = 48h; }},
      {"just booted", [](Outlook& o) { o.uptime = 29min; }},
      {"under half of the threshold in use", [](Outlook& o) { o.present = 47; }},
      {"a method as wrong as the way that is left", [](Outlook& o) { o.error = 5; }},
      {"an unknown error", [](Outlook& o) { o.error = NAN; }},
      {"beyond it already: another rule's business", [](Outlook& o) { o.present = 96; }},
  };
  for (const Case& c : cases) {
    state_ = {};
    for (int i = 0; i < 5; ++i) {
      Outlook outlook = filling(10h);
      c.spoil(outlook);
      EXPECT_EQ(look(outlook), std::nullopt) << c.name;
      EXPECT_FALSE(objection(rule_, outlook, now_).empty()) << c.name;
    }
  }
  Outlook unknown_uptime = filling(10h);
  unknown_uptime.uptime.reset();
  EXPECT_TRUE(objection(rule_, unknown_uptime, now_).empty());
}

TEST_F(PredictionTest, StaysFiringWhenItHasBecomeTrueAndEndsWhenThatIsOver) {
  for (int i = 0; i < 3; ++i) look(filling(1h));
  ASSERT_TRUE(state_.firing);
  Outlook full = calm();
  full.present = 96;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(look(full), std::nullopt) << "no crossing ahead, since it is crossed";
  EXPECT_TRUE(state_.came_true);
  EXPECT_EQ(state_.peak, 96);
  full.present = 94.5;
  EXPECT_EQ(look(full), std::nullopt) << "inside the hysteresis";
  full.present = 80;
  EXPECT_EQ(look(full), kResolved);
}

TEST_F(PredictionTest, EndsWhenItIsNoLongerExpectedAndRepeatsWhileItIs) {
  for (int i = 0; i < 3; ++i) look(filling(20h));
  int repeated = 0;
  for (int i = 0; i < 4 * 13; ++i) repeated += look(filling(20h)) == kRepeated;
  EXPECT_EQ(repeated, 1);
  EXPECT_EQ(look(calm()), std::nullopt);
  EXPECT_EQ(look(calm()), std::nullopt);
  EXPECT_EQ(look(calm()), kResolved);
}

}  // namespace
}  // namespace mps::alert
