#include "telegram/poller.h"

#include <condition_variable>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/jumping_clock.h"
#include "testing/scripted_http_server.h"

namespace mps::telegram {
namespace {

using mps::testing::JumpingClock;
using mps::testing::ScriptedAnswer;
using mps::testing::ScriptedHttpServer;
using mps::testing::SeenRequest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class MemoryOffsets final : public OffsetStore {
 public:
  Result<int64_t> load() override { return offset; }
  Result<void> save(int64_t next) override {
    offset = next;
    return {};
  }
  std::atomic<int64_t> offset = 0;
};

// The updates that a poller handed over, for the test's thread to wait for.
class Inbox {
 public:
  void add(const Update& update) {
    const std::lock_guard lock(mutex_);
    ids_.push_back(update.id);
    arrived_.notify_all();
  }
  std::vector<int64_t> wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, 20s, [&] { return ids_.size() >= count; });
    return ids_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<int64_t> ids_;
};

ScriptedAnswer updates(const std::string& list) {
  return {200, R"({"ok":true,"result":)" + list + "}"};
}

const ScriptedAnswer kHang{0, "", {}, ScriptedAnswer::Fault::kHang};
const ScriptedAnswer kDrop{0, "", {}, ScriptedAnswer::Fault::kDropConnection};

class PollerTest : public ::testing::Test {
 protected:
  // Answers one after the other, then holds the poll.
  void serve(std::vector<ScriptedAnswer> answers) {
    server_ = std::make_unique<ScriptedHttpServer>([answers, next = size_t{0}](const SeenRequest&) mutable {
      return next < answers.size() ? answers[next++] : kHang;
    });
  }
  std::unique_ptr<Poller> start() {
    PollerOptions options;
    options.jitter_seed = 1;
    return std::make_unique<Poller>(BotApiOptions{"1:t", server_->url(), 5s}, options, offsets_, clock_,
                                    [this](const Update& update) { inbox_.add(update); });
  }

  std::unique_ptr<ScriptedHttpServer> server_;
  MemoryOffsets offsets_;
  JumpingClock clock_;
  Inbox inbox_;
};

TEST_F(PollerTest, HandsOverEveryUpdateOnceAndConfirmsIt) {
  serve({updates(R"([{"update_id":7},{"update_id":8}])"), updates(R"([{"update_id":8},{"update_id":9}])"),
         updates(R"([{"update_id":10}])")});
  const auto poller = start();
  EXPECT_THAT(inbox_.wait_for(4), ElementsAre(7, 8, 9, 10));
  EXPECT_THAT(server_->requests().at(1).body, HasSubstr(R"("offset":9)"));
  EXPECT_EQ(offsets_.offset, 11);
}

TEST_F(PollerTest, GoesOnAfterARestartWhereItWas) {
  offsets_.offset = 500;
  serve({updates(R"([{"update_id":499},{"update_id":500}])")});
  const auto poller = start();
  EXPECT_THAT(inbox_.wait_for(1), ElementsAre(500));
  EXPECT_THAT(server_->requests().at(0).body, HasSubstr(R"("offset":500)"));
}

TEST_F(PollerTest, AcceptsANumberingThatBeganAnew) {
  offsets_.offset = 900'000'000;
  serve({updates(R"([{"update_id":17}])")});
  const auto poller = start();
  EXPECT_THAT(inbox_.wait_for(1), ElementsAre(17));
  EXPECT_EQ(offsets_.offset, 18);
}

TEST_F(PollerTest, WaitsLongerAndLongerWhileTelegramFails) {
  const ScriptedAnswer broken{500, "{}"};
  serve({broken, broken, broken, broken, broken, {200, "not JSON"}, updates(R"([{"update_id":1}])")});
  const auto poller = start();
  ASSERT_THAT(inbox_.wait_for(1), ElementsAre(1));
  const auto slept = clock_.slept();
  ASSERT_GE(slept.size(), 6u);
  for (size_t i = 0; i < 6; ++i) {
    const Duration full = std::min<Duration>(1s * (1 << i), 60s);
    EXPECT_GE(slept[i], full / 2) << i;
    EXPECT_LE(slept[i], full) << i;
  }
  EXPECT_EQ(poller->problem(), std::nullopt);
}

TEST_F(PollerTest, GoesOnAfterDroppedConnections) {
  serve({kDrop, kDrop, kDrop, updates(R"([{"update_id":1}])")});
  const auto poller = start();
  EXPECT_THAT(inbox_.wait_for(1), ElementsAre(1));
}

TEST_F(PollerTest, ObeysRetryAfter) {
  serve({{429, R"({"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":33}})"},
         updates(R"([{"update_id":1}])")});
  const auto poller = start();
  ASSERT_THAT(inbox_.wait_for(1), ElementsAre(1));
  EXPECT_EQ(clock_.slept().at(0), 33s);
}

TEST_F(PollerTest, TakesAForgottenWebhookAway) {
  serve(
      {{409, R"({"ok":false,"error_code":409,"description":"Conflict: can't use getUpdates while webhook is active"})"},
       {200, R"({"ok":true,"result":true})"},
       updates(R"([{"update_id":1}])")});
  const auto poller = start();
  ASSERT_THAT(inbox_.wait_for(1), ElementsAre(1));
  EXPECT_THAT(server_->requests().at(1).target, HasSubstr("deleteWebhook"));
}

TEST_F(PollerTest, SaysWhatKeepsItFromReceiving) {
  mps::testing::ScriptedHttpServer always_401([](const SeenRequest&) {
    return ScriptedAnswer{401, R"({"ok":false,"error_code":401,"description":"Unauthorized"})"};
  });
  Poller poller({"1:t", always_401.url(), 5s}, {}, offsets_, clock_, [](const Update&) {});
  while (!poller.problem()) std::this_thread::yield();
  EXPECT_THAT(*poller.problem(), HasSubstr("does not know this bot token"));
}

TEST_F(PollerTest, DoesNotSpinWhenAServerIgnoresTheWaitingTime) {
  serve({updates("[]"), updates("[]"), updates(R"([{"update_id":1}])")});
  const auto poller = start();
  ASSERT_THAT(inbox_.wait_for(1), ElementsAre(1));
  EXPECT_THAT(clock_.slept(), ElementsAre(250ms, 250ms));
}

TEST_F(PollerTest, StopsInTheMiddleOfALongPoll) {
  serve({});
  auto poller = start();
  while (server_->requests().empty()) std::this_thread::yield();
  const auto begin = steady_now();
  poller.reset();
  EXPECT_LT(steady_now() - begin, 5s);
}

}  // namespace
}  // namespace mps::telegram
