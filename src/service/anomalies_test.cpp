#include "service/anomalies.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <random>

#include "service/hub.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

// A server without a model, whose processor has a rhythm of the day: a simple method knows it after a week.
class AnomaliesTest : public ::testing::Test {
 protected:
  AnomaliesTest() {
    open();
    server_ = hub_->servers().add("web").value().server;
    hub_->rules()
        .set({{server_.id, ""}, find_resource("cpu"), "", {.hold = 20min, .kind = alert::Kind::kAnomaly}})
        .value();
    send(12 * 24h, 5min);
  }
  void open() {
    hub_.reset();
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_).value();
    hub_->store().list_series(ServerId(1));  // waits until the journal is replayed: rounds before that see nothing
  }
  static double usual(Timestamp t) {
    const double day = std::chrono::duration<double, std::ratio<86400>>(t.time_since_epoch()).count();
    return 40 + 20 * std::sin(2 * std::numbers::pi * day);
  }
  void send(Duration how_long, Duration step) {
    std::string body;
    for (const Timestamp end = clock_.now() + how_long; clock_.now() < end; clock_.advance(step)) {
      const double cpu = usual(clock_.now()) + extra_ + std::normal_distribution(0.0, 1.0)(random_);
      body += "cpu,cpu=cpu-total usage_idle=" + std::to_string(100 - cpu) + " " +
              std::to_string(clock_.now().time_since_epoch().count()) + "\n";
    }
    auto parsed = wire::parse_line_protocol(body, wire::Precision::kNanoseconds);
    for (Point& point : parsed.batch.points) point.server = server_.id;
    hub_->store().append_and_wait(parsed.batch).value();
  }
  void pass(Duration how_long) {
    for (const Timestamp end = clock_.now() + how_long; clock_.now() < end;) {
      send(1min, 1min);
      hub_->anomalies().look().value();
    }
  }
  size_t open_anomalies() const {
    auto open = hub_->alerts().open_incidents();
    return static_cast<size_t>(
        std::count_if(open.begin(), open.end(), [](const auto& each) { return each.kind == "anomaly"; }));
  }

  const unsigned seed_ = 7;  // the band of the simple method is what this tests, not chance
  std::mt19937 random_{seed_};
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  std::unique_ptr<Hub> hub_;
  Server server_;
  double extra_ = 0;
};

TEST_F(AnomaliesTest, WhatIsUnlikeTheServerForLongFiresAndWhatIsUsualDoesNot) {
  pass(6h);
  EXPECT_EQ(open_anomalies(), 0u);
  extra_ = 35;
  pass(18min);
  EXPECT_EQ(open_anomalies(), 0u) << "not for long enough";
  pass(5min);
  EXPECT_EQ(open_anomalies(), 1u);
  open();
  pass(4h);
  EXPECT_EQ(open_anomalies(), 1u) << "the band does not learn the anomaly";
  extra_ = 0;
  pass(2min);
  EXPECT_EQ(open_anomalies(), 0u);
}

TEST_F(AnomaliesTest, UnusuallyLittleIsAnAnomalyToo) {
  pass(10min);
  extra_ = -35;
  pass(23min);
  ASSERT_EQ(open_anomalies(), 1u);
  EXPECT_LT(hub_->alerts().open_incidents().at(0).peak, hub_->alerts().open_incidents().at(0).threshold);
}

}  // namespace
}  // namespace mps::service
