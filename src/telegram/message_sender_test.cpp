#include "telegram/message_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "testing/jumping_clock.h"
#include "testing/scripted_http_server.h"

namespace mps::telegram {
namespace {

using mps::testing::JumpingClock;
using mps::testing::refusal;
using mps::testing::ScriptedAnswer;
using mps::testing::ScriptedHttpServer;
using mps::testing::SeenRequest;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

const ScriptedAnswer kSent{200, R"({"ok":true,"result":{"message_id":5}})"};
const MessageContent kHello{"hello", {}, {}, {}};

class MessageSenderTest : public ::testing::Test {
 protected:
  void serve(std::vector<ScriptedAnswer> answers) {
    server_ = std::make_unique<ScriptedHttpServer>([answers, next = size_t{0}](const SeenRequest&) mutable {
      return answers[std::min(next++, answers.size() - 1)];
    });
    sender_ = std::make_unique<MessageSender>(BotApiOptions{"1:t", server_->url(), 5s}, clock_);
  }

  JumpingClock clock_;
  std::unique_ptr<ScriptedHttpServer> server_;
  std::unique_ptr<MessageSender> sender_;
};

TEST_F(MessageSenderTest, WaitsAsLongAsTelegramSaysAndSendsAgain) {
  serve({refusal(429, "Too Many Requests", R"({"retry_after":9})"), kSent});
  const Timestamp begin = clock_.now();
  EXPECT_TRUE(sender_->send({ChatId(42)}, kHello));
  EXPECT_GE(clock_.now() - begin, 9s);
  EXPECT_EQ(server_->requests().size(), 2u);
}

TEST_F(MessageSenderTest, ASingleAttemptHandsTheWaitBackAndHoldsTheChat) {
  serve({refusal(429, "Too Many Requests", R"({"retry_after":9})"), kSent});
  const auto failed = sender_->send_once({ChatId(42)}, kHello);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().retry_after, 9s);
  EXPECT_EQ(sender_->send_once({ChatId(42)}, kHello).error().retry_after, 9s);
  EXPECT_EQ(server_->requests().size(), 1u);
  clock_.sleep_for(9s, {});
  EXPECT_TRUE(sender_->send_once({ChatId(42)}, kHello));
}

TEST_F(MessageSenderTest, TriesAgainWhenTelegramIsBroken) {
  serve({{500, ""}, {0, "", {}, ScriptedAnswer::Fault::kDropConnection}, {502, "<html>"}, kSent});
  EXPECT_TRUE(sender_->send({ChatId(42)}, kHello));
}

TEST_F(MessageSenderTest, GivesUpAfterAFewAttempts) {
  serve({{500, ""}});
  EXPECT_EQ(sender_->send({ChatId(42)}, kHello).error().kind, ApiErrorKind::kUnreachable);
  EXPECT_EQ(server_->requests().size(), 4u);
}

TEST_F(MessageSenderTest, DoesNotRepeatWhatWillNeverWork) {
  serve({refusal(403, "Forbidden: bot was blocked by the user")});
  EXPECT_EQ(sender_->send({ChatId(42)}, kHello).error().kind, ApiErrorKind::kChatGone);
  EXPECT_EQ(server_->requests().size(), 1u);
}

TEST_F(MessageSenderTest, FollowsAGroupThatMoved) {
  serve({refusal(400, "Bad Request: group chat was upgraded", R"({"migrate_to_chat_id":-100777})"), kSent});
  EXPECT_TRUE(sender_->send({ChatId(-7)}, kHello));
  EXPECT_THAT(server_->requests().at(1).body, HasSubstr(R"("chat_id":-100777)"));
}

TEST_F(MessageSenderTest, SendsANewMessageWhereTheOldOneCanNotBeEdited) {
  serve({refusal(400, "Bad Request: message to edit not found"), kSent});
  EXPECT_TRUE(sender_->replace({ChatId(42)}, MessageId(3), kHello));
  EXPECT_THAT(server_->requests().at(0).target, HasSubstr("editMessageText"));
  EXPECT_THAT(server_->requests().at(1).target, HasSubstr("sendMessage"));
}

TEST_F(MessageSenderTest, PacesAChatButNotTheAnswersToPresses) {
  serve({kSent});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(sender_->send({ChatId(42)}, kHello));
  const Timestamp before = clock_.now();
  EXPECT_GE(before - JumpingClock().now(), 2s);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(sender_->answer("q"));
  EXPECT_EQ(clock_.now(), before);
}

TEST_F(MessageSenderTest, StopsWhatIsUnderWay) {
  serve({{0, "", {}, ScriptedAnswer::Fault::kHang}});
  std::thread stopper([&] {
    while (server_->requests().empty()) std::this_thread::yield();
    sender_->stop();
  });
  EXPECT_EQ(sender_->send({ChatId(42)}, kHello).error().kind, ApiErrorKind::kStopped);
  stopper.join();
  EXPECT_EQ(sender_->send({ChatId(42)}, kHello).error().kind, ApiErrorKind::kStopped);
}

}  // namespace
}  // namespace mps::telegram
