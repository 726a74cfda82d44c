#include "agent/agent.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <unistd.h>

#include "agent/hub_connection.h"
#include "agent/test_hub.h"

namespace mps::agent {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A machine of a few literal files.
class AgentTest : public ::testing::Test {
 protected:
  AgentTest() : root_(std::filesystem::path(::testing::TempDir()) / ("mps_agent_" + std::to_string(::getpid()))) {
    write("proc/stat", "cpu 10 0 10 80\nctxt 5\n");
    write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 750 kB\n");
    write("proc/self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n");
    for (const char* file : {"vmstat", "loadavg", "cpuinfo", "uptime", "1/net/dev"})
      write(std::string("proc/") + file, "");
    options_.hub = "http://unused";
    options_.hostname = "web-01";
    options_.roots = {root_ / "proc", root_};
  }
  ~AgentTest() override { std::filesystem::remove_all(root_); }

  void write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::trunc) << content;
  }

  const std::filesystem::path root_;
  Options options_;
  std::vector<std::string> said_;
  Notices notices_{[this](std::string_view line) { said_.emplace_back(line); }};
  std::string printed_;
};

// Moves the clock for every sleep at once: for agents whose loop ends by itself.
class HastyClock final : public Clock {
 public:
  explicit HastyClock(Timestamp start) : now_(start) {}
  Timestamp now() const override { return now_; }
  bool sleep_until(Timestamp when, std::stop_token stop) override {
    now_ = std::max(now_, when);
    if (on_sleep) on_sleep();
    return !stop.stop_requested();
  }
  std::function<void()> on_sleep;

 private:
  Timestamp now_;
};

TEST_F(AgentTest, OnceCollectsTwiceAndPushesTheSecond) {
  TestHub hub;
  options_.once = true;
  HastyClock clock(Timestamp(seconds(1'795'334'403)));
  clock.on_sleep = [&] { write("proc/stat", "cpu 35 0 35 130\nctxt 9\n"); };
  HubConnection connection(hub.url(), "t");
  const auto send = [&](const std::string& gzipped) { return connection.post(gzipped, seconds(5), {}); };
  EXPECT_EQ(Agent(options_, clock, notices_, send, [](std::string_view) {}).run({}), kDone);
  const auto seen = hub.seen();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_THAT(seen[0].lines, HasSubstr("cpu,cpu=cpu-total,host=web-01 usage_user=25,usage_system=25,usage_idle=50,"));
  EXPECT_THAT(seen[0].lines,
              HasSubstr("mem,host=web-01 total=1024000i,available=768000i,used=256000i,used_percent=25,"));
  EXPECT_THAT(seen[0].lines, HasSubstr("disk,device=sda1,fstype=ext4,host=web-01,mode=rw,path=/ total="));
  EXPECT_THAT(seen[0].lines, HasSubstr(" 1795334404000000000\n"));
}

TEST_F(AgentTest, OnceFailsWhereTheHubRefuses) {
  TestHub hub({{.status = 401, .body = "who are you"}});
  options_.once = true;
  HastyClock clock(Timestamp(seconds(1'795'334'403)));
  HubConnection connection(hub.url(), "wrong");
  const auto send = [&](const std::string& gzipped) { return connection.post(gzipped, seconds(5), {}); };
  EXPECT_EQ(Agent(options_, clock, notices_, send, [](std::string_view) {}).run({}), kFailed);
  ASSERT_FALSE(said_.empty());
  EXPECT_THAT(said_.back(), AllOf(HasSubstr("does not accept the token"), Not(HasSubstr("kept meanwhile"))));
}

TEST_F(AgentTest, StdoutNeedsNoHub) {
  options_.once = options_.to_stdout = true;
  HastyClock clock(Timestamp(seconds(1'795'334'403)));
  const auto send = [](const std::string&) -> Result<Reply> { return Error{ErrorCode::kInternal, "asked to send"}; };
  const auto print = [this](std::string_view text) { printed_ += text; };
  EXPECT_EQ(Agent(options_, clock, notices_, send, print).run({}), kDone);
  EXPECT_THAT(printed_, HasSubstr("mem,host=web-01 "));
  EXPECT_THAT(said_, Not(Contains(HasSubstr("asked to send"))));
}

TEST_F(AgentTest, TicksAreAlignedAndAnOutageLosesNone) {
  // Two ticks fail, and the next ones bring them along; the last flush comes with the stop.
  TestHub hub({{.status = 503, .retry_after = "15"}});
  HastyClock clock(Timestamp(seconds(1'795'334'403)));
  std::stop_source stop;
  int sleeps = 0;
  clock.on_sleep = [&] {
    if (++sleeps == 6) stop.request_stop();
  };
  HubConnection connection(hub.url(), "t");
  const auto send = [&](const std::string& gzipped) { return connection.post(gzipped, seconds(5), {}); };
  EXPECT_EQ(Agent(options_, clock, notices_, send, [](std::string_view) {}).run(stop.get_token()), kDone);
  std::set<std::string> stamps;
  for (const Seen& seen : hub.seen()) {
    for (size_t at = seen.lines.find("kernel"); at != std::string::npos; at = seen.lines.find("kernel", at + 1)) {
      const std::string line = seen.lines.substr(at, seen.lines.find('\n', at) - at);
      stamps.insert(line.substr(line.rfind(' ') + 1));
    }
  }
  EXPECT_THAT(stamps,
              ElementsAre("1795334410000000000", "1795334420000000000", "1795334430000000000", "1795334440000000000"));
}

TEST_F(AgentTest, WhatCannotBeReadIsSaidOnce) {
  options_.once = options_.to_stdout = true;
  std::filesystem::remove(root_ / "proc/meminfo");
  HastyClock clock(Timestamp(seconds(1'795'334'403)));
  const auto send = [](const std::string&) -> Result<Reply> { return Reply{}; };
  EXPECT_EQ(Agent(options_, clock, notices_, send, [](std::string_view) {}).run({}), kDone);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("meminfo")));
}

TEST(TickTimes, AreMultiplesOfTheInterval) {
  const Timestamp t(seconds(1'795'334'403));
  EXPECT_EQ(next_tick(t, seconds(10)), Timestamp(seconds(1'795'334'410)));
  EXPECT_EQ(next_tick(Timestamp(seconds(1'795'334'410)), seconds(10)), Timestamp(seconds(1'795'334'420)));
  EXPECT_EQ(tick_stamp(Timestamp(seconds(1'795'334'410)), seconds(10)), Timestamp(seconds(1'795'334'410)));
  EXPECT_EQ(tick_stamp(Timestamp(seconds(1'795'334'410)) - Duration(50), seconds(10)),
            Timestamp(seconds(1'795'334'410)));
  EXPECT_EQ(tick_stamp(Timestamp(seconds(1'795'334'412)), seconds(10)), Timestamp(seconds(1'795'334'410)));
}

}  // namespace
}  // namespace mps::agent
