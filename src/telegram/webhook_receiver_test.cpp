#include "telegram/webhook_receiver.h"

#include <gmock/gmock.h>

#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using service::UpdateTaken;
using ::testing::ElementsAre;

class WebhookReceiverTest : public Conversation {
 protected:
  void start() {
    receiver_ = std::make_unique<WebhookReceiver>(*hub_, "secret", [this](const Update& update) {
      const std::lock_guard lock(mutex_);
      handled_.push_back(update.id);
    });
  }

  // Waits for the answer. Those before it were handled by then.
  UpdateTaken deliver(std::string_view body, std::string_view secret = "secret") {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<UpdateTaken> taken;
    receiver_->receive(secret, body, [&](UpdateTaken outcome) {
      const std::lock_guard lock(mutex);
      taken = outcome;
      changed.notify_one();
    });
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return taken.has_value(); });
    return *taken;
  }
  UpdateTaken deliver(int64_t id) { return deliver("{\"update_id\": " + std::to_string(id) + "}"); }

  std::vector<int64_t> handled() {
    receiver_.reset();  // the last one too
    return handled_;
  }

  std::mutex mutex_;
  std::vector<int64_t> handled_;
  std::unique_ptr<WebhookReceiver> receiver_;
};

TEST_F(WebhookReceiverTest, WhoDoesNotKnowTheSecretGetsNothingIn) {
  start();
  for (const char* wrong : {"", "secre", "secreT", "secrets"})
    EXPECT_EQ(deliver("{\"update_id\": 1}", wrong), UpdateTaken::kForbidden) << wrong;
  EXPECT_EQ(deliver("{\"update_id\": 1}"), UpdateTaken::kYes);
  EXPECT_THAT(handled(), ElementsAre(1));
}

TEST_F(WebhookReceiverTest, WhatIsNoUpdateIsRefused) {
  start();
  for (const char* wrong : {"", "{", "[]", "null", "{\"update_id\": \"x\"}", "\xFF"})
    EXPECT_EQ(deliver(wrong), UpdateTaken::kUnreadable) << wrong;
  EXPECT_EQ(deliver("{\"update_id\": 1, \"x\": \"" + std::string(WebhookReceiver::kBytesMax, 'x') + "\"}"),
            UpdateTaken::kUnreadable);
  EXPECT_THAT(handled(), ElementsAre());
}

TEST_F(WebhookReceiverTest, AnUpdateIsHandledOnceHoweverOftenItComes) {
  start();
  for (const int64_t id : {10, 10, 11, 10, 11, 12}) EXPECT_EQ(deliver(id), UpdateTaken::kYes);
  EXPECT_THAT(handled(), ElementsAre(10, 11, 12));
}

TEST_F(WebhookReceiverTest, OneThatWasOvertakenIsHandledAllTheSameAndOnce) {
  start();
  for (const int64_t id : {10, 13, 11, 12, 11, 13}) deliver(id);
  EXPECT_THAT(handled(), ElementsAre(10, 13, 11, 12));
}

TEST_F(WebhookReceiverTest, ARestartForgetsNothing) {
  start();
  deliver(10);
  deliver(12);
  receiver_.reset();
  restart();
  start();
  for (const int64_t id : {10, 12, 11, 13}) deliver(id);
  EXPECT_THAT(handled(), ElementsAre(10, 12, 11, 13));
}

TEST_F(WebhookReceiverTest, WhatWasHandledWhilePollingIsNotHandledAgain) {
  ASSERT_TRUE(hub_->settings().set(kUpdateOffset, "100"));
  start();
  for (const int64_t id : {99, 100}) deliver(id);
  EXPECT_THAT(handled(), ElementsAre(100));
}

TEST_F(WebhookReceiverTest, ANewSeriesOfNumbersAfterALongSilenceIsTaken) {
  start();
  for (const int64_t id : {900'000'000, 5, 6, 5}) deliver(id);
  EXPECT_THAT(handled(), ElementsAre(900'000'000, 5, 6));
}

TEST_F(WebhookReceiverTest, AClosedDoorSaysSo) {
  UpdateTaken taken = UpdateTaken::kYes;
  hub_->update_door().pass("secret", "{}", [&](UpdateTaken outcome) { taken = outcome; });
  EXPECT_EQ(taken, UpdateTaken::kClosed);
}

TEST_F(WebhookReceiverTest, TheSecretIsWhatTheBotApiAllows) {
  const std::string secret = webhook_secret("1:token");
  EXPECT_EQ(secret.size(), 64u);  // 1-256 of A-Z, a-z, 0-9, _ and -
  EXPECT_EQ(secret.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(secret, webhook_secret("2:token"));
}

}  // namespace
}  // namespace mps::telegram
