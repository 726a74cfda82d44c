// What the door says while the hub can't take samples.
#include <boost/json.hpp>
#include <condition_variable>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <mutex>
#include <thread>

#include "gateway/gateway.h"
#include "testing/fake_clock.h"
#include "testing/faulty_vfs.h"
#include "testing/raw_http_client.h"
#include "testing/temporary_folder.h"

namespace mps::gateway {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using mps::testing::FaultyVfs;
using mps::testing::RawHttpClient;
using mps::testing::RawResponse;

// Holds the first threads that ask for the time, until let go; never the one that made it. A store that opens has two:
// the ticker, and the committer in the middle of its replay.
class HoldingClock final : public Clock {
 public:
  explicit HoldingClock(testing::FakeClock& clock) : clock_(clock) {}
  Timestamp now() const override {
    std::unique_lock lock(mutex_);
    if (held_ < to_hold_ && std::this_thread::get_id() != owner_) {
      ++held_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return let_go_; });
    }
    return clock_.now();
  }
  bool sleep_until(Timestamp when, std::stop_token stop) override { return clock_.sleep_until(when, stop); }
  void hold(int threads) { to_hold_ = threads; }
  void wait_until_held() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return held_ == to_hold_; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }

 private:
  testing::FakeClock& clock_;
  const std::thread::id owner_ = std::this_thread::get_id();
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable int held_ = 0;
  int to_hold_ = 0;
  bool let_go_ = false;
};

class TroubleTest : public ::testing::Test {
 protected:
  void open(Clock& clock) {
    hub_ = service::Hub::open({.data = folder_.path(), .store_url = "", .catalog_url = "", .zone = {}}, clock).value();
  }
  void serve() { gateway_ = Gateway::start({.version = "0.1.0"}, *hub_).value(); }
  void SetUp() override {
    open(clock_);
    token_ = hub_->servers().add("web-01").value().token;
  }
  void TearDown() override { holding_.let_go(); }
  RawResponse ask(std::string_view method, std::string_view target, std::string_view body = "") {
    RawHttpClient client(gateway_->port());
    const std::string token = method == "POST" ? fmt::format("Authorization: Token {}\r\n", token_) : "";
    return client.ask(fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n{}Content-Length: {}\r\n\r\n{}", method, target,
                                  token, body.size(), body),
                      false);
  }
  RawResponse write(double value) {
    clock_.advance(10s);
    return ask("POST", "/api/v2/write", fmt::format("mem used_percent={}\n", value));
  }
  double newest() {
    return json::parse(ask("GET", "/api/v1/servers/web-01/status").body)
        .at("values")
        .at(0)
        .at("value")
        .to_number<double>();
  }

  FaultyVfs disk_{FaultyVfs::kForAll};
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  HoldingClock holding_{clock_};
  std::unique_ptr<service::Hub> hub_;
  std::unique_ptr<Gateway> gateway_;
  std::string token_;
};

TEST_F(TroubleTest, AHubThatReplaysSaysSoAtOnceAndTakesSamplesAfterwards) {
  serve();
  ASSERT_EQ(write(1).status, 204);
  gateway_.reset();
  hub_.reset();
  holding_.hold(2);
  open(holding_);
  holding_.wait_until_held();
  serve();

  const RawResponse health = ask("GET", "/health");
  EXPECT_EQ(health.status, 503);
  EXPECT_EQ(json::parse(health.body).at("status"), "replaying");
  EXPECT_NE(health.head.find("Retry-After: "), std::string::npos);
  const RawResponse refused = write(2);
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.head.find("Retry-After: "), std::string::npos);
  EXPECT_NE(refused.body.find("replays"), std::string::npos) << refused.body;
  EXPECT_NE(ask("GET", "/metrics").body.find("mps_store_ready 0\n"), std::string::npos);

  holding_.let_go();
  EXPECT_DOUBLE_EQ(newest(), 1) << "a query waits for the replay";
  EXPECT_EQ(ask("GET", "/health").status, 200);
  EXPECT_EQ(write(3).status, 204);
  EXPECT_DOUBLE_EQ(newest(), 3);
}

TEST_F(TroubleTest, AFullDiskIsSaidEverywhereAndQueriesGoOn) {
  serve();
  ASSERT_EQ(write(1).status, 204);
  disk_.fail_from(1, 2'000'000'000);
  for (int i = 0; i < 2; ++i) {
    const RawResponse refused = write(2);
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(refused.head.find("Retry-After: "), std::string::npos);
    EXPECT_NE(refused.body.find("full"), std::string::npos) << refused.body;
  }
  const RawResponse health = ask("GET", "/health");
  EXPECT_EQ(health.status, 503);
  EXPECT_EQ(json::parse(health.body).at("status"), "fail");
  EXPECT_NE(ask("GET", "/metrics").body.find("mps_store_read_only 1\n"), std::string::npos);
  EXPECT_DOUBLE_EQ(newest(), 1);

  disk_.repair();
  while (ask("GET", "/health").status != 200) clock_.advance(10s);  // it tries again by itself
  EXPECT_NE(ask("GET", "/metrics").body.find("mps_store_read_only 0\n"), std::string::npos);
  EXPECT_EQ(write(3).status, 204);
  EXPECT_DOUBLE_EQ(newest(), 3);
}

TEST_F(TroubleTest, ANewServerThatCannotBeRegisteredNowIsSentAgainLater) {
  serve();
  token_ = hub_->servers().add_fleet_token("rack 1").value().token;
  disk_.fail_from(1, 2'000'000'000);
  const RawResponse refused = ask("POST", "/api/v2/write", "mem,host=db-1 used_percent=1\n");
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_NE(refused.head.find("Retry-After: "), std::string::npos);
  EXPECT_FALSE(hub_->servers().find("db-1"));

  disk_.repair();
  EXPECT_EQ(ask("POST", "/api/v2/write", "mem,host=db-1 used_percent=1\n").status, 204);
  EXPECT_TRUE(hub_->servers().find("db-1"));
}

}  // namespace
}  // namespace mps::gateway
