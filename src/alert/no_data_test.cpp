#include "alert/no_data.h"

#include <gtest/gtest.h>
#include <vector>

namespace mps::alert {
namespace {

using namespace std::chrono_literals;

const Timestamp kNoDataStart(1'795'334'400s);

// A server under a rule of three minutes, looked at every 10 s.
class NoData : public ::testing::Test {
 protected:
  void run(Duration how_long, bool sends, Duration behind = 0s) {
    for (const Timestamp end = now_ + how_long; now_ < end; now_ += 10s) {
      if (sends) last_seen_ = now_ - behind;
      const SilenceEvaluation e = evaluate_no_data(rule_, {sends, last_seen_}, state_, now_);
      state_ = e.state;
      if (e.transition) heard_.push_back(*e.transition);
    }
  }
  Rule rule_{.hold = 3min, .repeat = 60min, .kind = Kind::kNoData};
  Timestamp now_ = kNoDataStart;
  Timestamp last_seen_ = kNoDataStart - 1h;
  SilenceState state_;
  std::vector<Transition> heard_;
};

using Heard = std::vector<Transition>;
using enum Transition;

TEST_F(NoData, FiresAfterTheHoldTimeRepeatsAndEndsWhenTheServerIsBack) {
  run(10min, true);
  run(2min + 50s, false);
  EXPECT_EQ(heard_, Heard{});
  run(20s, false);
  EXPECT_EQ(heard_, Heard{kFired});
  EXPECT_EQ(state_.silent_since, kNoDataStart + 10min - 10s) << "the stamp of the last sample";
  run(60min, false);
  EXPECT_EQ(heard_, (Heard{kFired, kRepeated}));
  run(10s, true);
  EXPECT_EQ(heard_, (Heard{kFired, kRepeated, kResolved}));
}

TEST_F(NoData, OurOwnAbsenceIsNotTheirs) {
  run(2min, false);
  EXPECT_FALSE(state_.silent) << "we have only just begun to listen";
  run(10min, true);
  now_ += 5h;  // suspended, or the clock jumped
  run(2min + 50s, false);
  EXPECT_EQ(heard_, Heard{}) << "agents get the whole time again";
  run(20s, false);
  EXPECT_EQ(heard_, Heard{kFired});
  now_ -= 10h;
  run(30s, true, -10h);
  EXPECT_EQ(heard_, (Heard{kFired, kResolved}));
}

TEST_F(NoData, IsNotOverWhileTheServerSendsWhatItHadKept) {
  run(10min, true);
  run(30min, false);
  EXPECT_EQ(heard_, Heard{kFired});
  run(1min, true, 25min);
  run(1min, true, 10min);
  EXPECT_TRUE(state_.silent);
  EXPECT_EQ(heard_.size(), 1u);
  run(10s, true, 1min);
  EXPECT_EQ(heard_, (Heard{kFired, kResolved}));
}

TEST_F(NoData, AServerWhoseClockIsLateIsNeitherSilentNorNeverBack) {
  run(1h, true, 2h);
  EXPECT_EQ(heard_, Heard{});
  run(4min, false);
  run(kCatchUpMax + 10s, true, 2h);
  EXPECT_EQ(heard_, (Heard{kFired, kResolved}));
}

TEST_F(NoData, OneThatComesAndGoesIsHeldOpen) {
  run(10min, true);
  for (int i = 0; i < 5; ++i) run(4min, false), run(4min, true);
  EXPECT_EQ(heard_, (Heard{kFired, kResolved, kFired, kRepeated}));
  EXPECT_TRUE(state_.flapping);
  run(31min, true);
  EXPECT_EQ(heard_.back(), kResolved);
}

}  // namespace
}  // namespace mps::alert
