#include "agent/pusher.h"

#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/gzip.h"
#include "testing/fake_clock.h"

namespace mps::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Reply reply_of(int status, std::string body = "", std::optional<Duration> retry_after = std::nullopt) {
  return {status, retry_after, "", std::move(body)};
}

Error network_error() {
  return {ErrorCode::kUnavailable, "cannot connect to hub:1: Connection refused"};
}

class PusherTest : public ::testing::Test {
 protected:
  Pusher make(PusherOptions options = {}) {
    return Pusher(options, clock_, notices_, [this](const std::string& gzipped) -> Result<Reply> {
      attempts_.push_back(gunzip(gzipped, 1 << 20).value());
      if (answers_.empty()) return reply_of(204);
      Result<Reply> answer = answers_.front();
      answers_.pop_front();
      return answer;
    });
  }
  Timestamp soon() const { return clock_.now() + seconds(10); }

  testing::FakeClock clock_;
  std::vector<std::string> said_;
  Notices notices_{[this](std::string_view line) { said_.emplace_back(line); }};
  std::deque<Result<Reply>> answers_;
  std::vector<std::string> attempts_;
};

TEST_F(PusherTest, SendsWhatWasAddedInOneBody) {
  Pusher pusher = make();
  pusher.add("a v=1 1\n");
  pusher.add("a v=2 2\n");
  EXPECT_TRUE(pusher.flush(soon()));
  EXPECT_THAT(attempts_, ElementsAre("a v=1 1\na v=2 2\n"));
  EXPECT_EQ(pusher.next_attempt(), std::nullopt);
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(PusherTest, KeepsTicksWhileTheHubIsAwayAndSendsTheOldestFirst) {
  Pusher pusher = make({.batch_ticks = 2});
  answers_ = {network_error()};
  pusher.add("a v=1 1\n");
  EXPECT_FALSE(pusher.flush(soon()));
  for (const char* line : {"a v=2 2\n", "a v=3 3\n"}) pusher.add(line);
  EXPECT_FALSE(pusher.flush(soon()));  // too early for another attempt
  EXPECT_EQ(attempts_.size(), 1u);
  clock_.set(*pusher.next_attempt());
  EXPECT_TRUE(pusher.flush(soon()));
  EXPECT_THAT(attempts_, ElementsAre("a v=1 1\n", "a v=1 1\na v=2 2\n", "a v=3 3\n"));
  EXPECT_THAT(said_, ElementsAre(HasSubstr("Connection refused; figures are kept"), "the hub takes figures again"));
}

TEST_F(PusherTest, BacksOffUpToAMinuteWithJitter) {
  Pusher pusher = make();
  pusher.add("a v=1 1\n");
  for (const int whole_s : {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
    answers_ = {network_error()};
    pusher.flush(soon());
    const Duration wait = *pusher.next_attempt() - clock_.now();
    EXPECT_GE(wait, milliseconds(500 * whole_s));
    EXPECT_LE(wait, seconds(whole_s));
    clock_.advance(wait);
  }
  EXPECT_EQ(attempts_.size(), 9u);
  EXPECT_EQ(said_.size(), 1u);  // once, not each time
}

TEST_F(PusherTest, ASuccessEndsTheBackoff) {
  Pusher pusher = make();
  for (int i = 0; i < 6; ++i) {
    answers_ = {network_error()};
    pusher.add("a v=1 1\n");
    clock_.set(*pusher.next_attempt());
    pusher.flush(soon());
  }
  clock_.set(*pusher.next_attempt());
  EXPECT_TRUE(pusher.flush(soon()));
  answers_ = {network_error()};
  pusher.add("a v=1 1\n");
  pusher.flush(soon());
  EXPECT_LE(*pusher.next_attempt() - clock_.now(), seconds(1));
}

TEST_F(PusherTest, ABatchThatIsRefusedForGoodIsDroppedWithTheHubsWords) {
  Pusher pusher = make();
  answers_ = {reply_of(400, R"({"code":"invalid","message":"line 1: field 'v' has no value"})")};
  pusher.add("a v= 1\n");
  EXPECT_TRUE(pusher.flush(soon()));
  EXPECT_EQ(pusher.waiting(), 0u);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("field 'v' has no value")));
}

TEST_F(PusherTest, AWrongTokenKeepsTheFiguresAndSaysWhatToDo) {
  for (const int status : {401, 403}) {
    said_.clear();
    Pusher pusher = make();
    answers_ = {reply_of(status, "unauthorized access")};
    pusher.add("a v=1 1\n");
    EXPECT_FALSE(pusher.flush(soon()));
    EXPECT_EQ(pusher.waiting(), 1u);
    EXPECT_THAT(said_, ElementsAre(AllOf(HasSubstr("MPS_TOKEN"), HasSubstr("unauthorized access"))));
    clock_.set(*pusher.next_attempt());
    EXPECT_TRUE(pusher.flush(soon()));
    notices_.solved("hub", "");
  }
}

TEST_F(PusherTest, ARequestThatIsTooLargeIsHalvedUntilItFits) {
  Pusher pusher = make();
  for (const char* line : {"a v=1 1\n", "a v=2 2\n", "a v=3 3\n", "a v=4 4\n", "a v=5 5\n"}) pusher.add(line);
  answers_ = {reply_of(413), reply_of(413), reply_of(204)};
  EXPECT_TRUE(pusher.flush(soon()));
  EXPECT_THAT(attempts_, ElementsAre("a v=1 1\na v=2 2\na v=3 3\na v=4 4\na v=5 5\n", "a v=1 1\na v=2 2\n", "a v=1 1\n",
                                     "a v=2 2\n", "a v=3 3\n", "a v=4 4\n", "a v=5 5\n"));
}

TEST_F(PusherTest, ASingleTickThatIsTooLargeIsDropped) {
  Pusher pusher = make();
  pusher.add("a v=1 1\n");
  pusher.add("a v=2 2\n");
  answers_ = {reply_of(413), reply_of(413), reply_of(204)};
  EXPECT_TRUE(pusher.flush(soon()));
  EXPECT_EQ(attempts_.back(), "a v=2 2\n");
  EXPECT_THAT(said_, Contains(HasSubstr("single tick too large")));
}

TEST_F(PusherTest, RetryAfterIsObeyed) {
  for (const int status : {429, 503}) {
    Pusher pusher = make();
    answers_ = {reply_of(status, "", seconds(120))};
    pusher.add("a v=1 1\n");
    EXPECT_FALSE(pusher.flush(soon()));
    EXPECT_EQ(*pusher.next_attempt() - clock_.now(), seconds(120));
  }
}

TEST_F(PusherTest, AServerErrorWithoutRetryAfterBacksOff) {
  Pusher pusher = make();
  answers_ = {reply_of(500, "oops")};
  pusher.add("a v=1 1\n");
  EXPECT_FALSE(pusher.flush(soon()));
  EXPECT_LE(*pusher.next_attempt() - clock_.now(), seconds(1));
}

TEST_F(PusherTest, AnAddressThatIsNoHubKeepsTheFigures) {
  for (const int status : {301, 404, 405}) {
    Pusher pusher = make();
    answers_ = {reply_of(status)};
    pusher.add("a v=1 1\n");
    EXPECT_FALSE(pusher.flush(soon()));
    EXPECT_EQ(pusher.waiting(), 1u) << status;
    EXPECT_THAT(said_.back(), HasSubstr("--hub"));
  }
}

TEST_F(PusherTest, AFullBufferDropsTheOldestAndSaysSoOnce) {
  const size_t tick_bytes = gzip("a v=1 1\n").size();
  Pusher pusher = make({.buffer_bytes = 3 * tick_bytes});
  answers_ = {network_error()};
  pusher.flush(soon());
  for (const char* line : {"a v=1 1\n", "a v=2 2\n", "a v=3 3\n", "a v=4 4\n", "a v=5 5\n"}) pusher.add(line);
  EXPECT_EQ(pusher.waiting(), 3u);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("is full: the oldest figures are dropped")));
  answers_.clear();
  EXPECT_TRUE(pusher.flush(soon()));
  EXPECT_THAT(attempts_, ElementsAre("a v=3 3\na v=4 4\na v=5 5\n"));
  EXPECT_EQ(said_.back(), "2 ticks were dropped while the hub could not be reached");
}

TEST_F(PusherTest, TheLastFlushDoesNotWaitForTheBackoff) {
  Pusher pusher = make();
  answers_ = {reply_of(503, "", seconds(600))};
  pusher.add("a v=1 1\n");
  pusher.flush(soon());
  EXPECT_TRUE(pusher.flush_now());
  EXPECT_EQ(attempts_.size(), 2u);
}

TEST_F(PusherTest, AnEmptyTickIsNotSent) {
  Pusher pusher = make();
  pusher.add("");
  EXPECT_TRUE(pusher.flush(soon()));
  EXPECT_THAT(attempts_, IsEmpty());
}

TEST(SendQueue, HoldsABatchToTicksAndBytesButGivesAlwaysOne) {
  SendQueue queue(100);
  queue.push("aaaa");
  queue.push("bb");
  queue.push("cc");
  EXPECT_EQ(queue.front(2, 100).body, "aaaabb");
  EXPECT_EQ(queue.front(10, 6).body, "aaaabb");
  EXPECT_EQ(queue.front(10, 1).body, "aaaa");
  queue.pop(2);
  EXPECT_EQ(queue.front(10, 10).body, "cc");
  EXPECT_EQ(queue.bytes(), 2u);
}

TEST(SendQueue, ATickLargerThanTheBoundIsNotKept) {
  SendQueue queue(3);
  EXPECT_EQ(queue.push("aa"), 0u);
  EXPECT_EQ(queue.push("bbbb"), 2u);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.dropped(), 2u);
}

TEST(PushPolicy, UnderstandsRetryAfterInSecondsAlone) {
  EXPECT_EQ(parse_retry_after("120"), Duration(seconds(120)));
  EXPECT_EQ(parse_retry_after(" 0 "), Duration(0));
  EXPECT_EQ(parse_retry_after("99999999"), Duration(seconds(600)));
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2026 07:28:00 GMT"), std::nullopt);
  EXPECT_EQ(parse_retry_after(""), std::nullopt);
}

TEST(PushPolicy, EverySuccessIsDelivered) {
  for (const int status : {200, 201, 202, 204, 206, 207, 208}) {
    EXPECT_EQ(decide(reply_of(status)).verdict, Verdict::kDelivered) << status;
  }
}

}  // namespace
}  // namespace mps::agent
