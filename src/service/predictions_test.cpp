#include "service/predictions.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

#include "service/hub.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

// A server whose disk follows a function of the hours since the start, sampled every 5 minutes.
class PredictionsTest : public ::testing::Test {
 protected:
  PredictionsTest() {
    open();
    server_ = hub_->servers().add("db").value().server;
    const std::string code = hub_->people().pairing_code().value();
    hub_->people().pair(42, 42, "Ann", code).value();
  }
  void open() {
    hub_.reset();
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_).value();
    hub_->store().list_series(ServerId(1));  // waits until the journal is replayed: rounds before that see nothing
  }
  void append(Timestamp from, Timestamp to) {
    std::string body;
    for (Timestamp t = from; t < to; t += 5min) {
      const double used = disk_(std::chrono::duration<double, std::ratio<3600>>(t - start_).count());
      body += "disk,path=/ used_percent=" + std::to_string(used) + " " + std::to_string(t.time_since_epoch().count()) +
              "\nsystem uptime=" + std::to_string(t < booted_ ? 900'000 : (t - booted_) / 1s) + "i " +
              std::to_string(t.time_since_epoch().count()) + "\n";
    }
    auto parsed = wire::parse_line_protocol(body, wire::Precision::kNanoseconds);
    for (Point& point : parsed.batch.points) point.server = server_.id;
    hub_->store().append_and_wait(parsed.batch).value();
  }
  // Lets time pass with a look every 5 minutes. Returns how many messages there were.
  size_t pass(Duration how_long) {
    size_t messages = 0;
    for (const Timestamp end = clock_.now() + how_long; clock_.now() < end;) {
      append(clock_.now(), clock_.now() + 5min);
      clock_.advance(5min);
      messages += hub_->predictions().look().value();
    }
    return messages;
  }
  void pass_unseen(Duration how_long) {
    append(clock_.now(), clock_.now() + how_long);
    clock_.advance(how_long);
  }
  std::vector<catalog::Incident> open_predictions() const {
    auto open = hub_->alerts().open_incidents();
    std::erase_if(open, [](const catalog::Incident& each) { return each.kind != "prediction"; });
    return open;
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  const Timestamp start_ = clock_.now();
  Timestamp booted_ = start_ - 100h;
  std::unique_ptr<Hub> hub_;
  Server server_;
  std::function<double(double)> disk_ = [](double) { return 50.0; };
};

TEST_F(PredictionsTest, ADiskThatGrowsForDaysIsToldOfADayBeforeAndItComesTrue) {
  disk_ = [](double hours) { return std::min(99.0, 60 + 3 * hours / 24); };  // 95 % after 280 hours
  pass_unseen(240h);
  EXPECT_EQ(pass(6h), 0u) << "34 hours ahead is too far";
  EXPECT_GE(pass(20h), 1u);
  const auto told_of = open_predictions();
  ASSERT_EQ(told_of.size(), 1u);
  EXPECT_EQ(told_of[0].resource, "disk");
  EXPECT_EQ(told_of[0].instance, "/");
  const auto told = (start_ + 280h - told_of[0].fired_at) / 1h;
  EXPECT_GE(told, 10);
  EXPECT_LE(told, 34);
  open();  // a restart
  pass(20h);
  EXPECT_EQ(open_predictions().size(), 1u) << "it has come true, and lasts";
  const auto precision = hub_->predictions().precision();
  EXPECT_EQ(precision.came_true, 1u);
  EXPECT_EQ(precision.did_not, 0u);
  disk_ = [](double) { return 60.0; };
  pass(1h);
  EXPECT_TRUE(open_predictions().empty());
}

TEST_F(PredictionsTest, ADiskThatIsCleanedEveryNightIsLeftAlone) {
  disk_ = [](double hours) { return 60 + 1.35 * std::fmod(hours, 24); };  // 60 to 92 %, every day
  pass_unseen(10 * 24h);
  EXPECT_EQ(pass(48h), 0u);
  EXPECT_TRUE(open_predictions().empty());
}

TEST_F(PredictionsTest, ARunawayLogIsToldOfAndWhenItIsStoppedTheScoreSaysThatItDidNotComeTrue) {
  disk_ = [](double hours) { return hours < 100 ? 60 : 60 + 2 * (hours - 100); };
  pass_unseen(100h);
  EXPECT_GE(pass(6h), 1u) << "2 % an hour is new for this disk";
  ASSERT_EQ(open_predictions().size(), 1u);
  const double now = 60 + 2 * 6;
  disk_ = [now](double) { return now; };
  pass(8h);
  EXPECT_TRUE(open_predictions().empty()) << "nobody expects it any more";
  EXPECT_EQ(hub_->predictions().precision().open, 1u);
  pass(45h);
  EXPECT_EQ(hub_->predictions().precision().did_not, 1u);
  EXPECT_EQ(hub_->predictions().precision().share(), 0.0);
}

TEST_F(PredictionsTest, ShortlyAfterABootNothingIsPredicted) {
  disk_ = [](double hours) { return hours < 100 ? 60 : 60 + 2 * (hours - 100); };
  pass_unseen(104h);
  booted_ = clock_.now();
  EXPECT_EQ(pass(25min), 0u);
  EXPECT_GE(pass(2h), 1u);
}

TEST_F(PredictionsTest, ARuleThatIsPutAsideEndsItsPredictions) {
  disk_ = [](double hours) { return hours < 100 ? 60 : 60 + 2 * (hours - 100); };
  pass_unseen(100h);
  pass(6h);
  ASSERT_EQ(open_predictions().size(), 1u);
  RuleSpec off{{}, find_resource("disk"), "", {.kind = alert::Kind::kPrediction}};
  off.off = true;
  hub_->rules().set(off).value();
  EXPECT_EQ(pass(2h), 0u);
  EXPECT_TRUE(open_predictions().empty());
}

}  // namespace
}  // namespace mps::service
