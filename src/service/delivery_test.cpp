// Escalation, outages, chats that are gone, kinds of incidents, and the rows of the webhook.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "catalog/settings.h"
#include "testing/message_rig.h"

namespace mps::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

TEST_F(MessagesTest, WhatNobodyAcknowledgesInTimeGoesToTheNextChat) {
  rig_->people.add_chat(-77, 0, "on call", 1).value();
  catalog::Settings(*rig_->database).set(Announcements::kEscalateAfter, "900").value();
  auto seen = fire(add_server("seen"));
  rig_->book.acknowledge(seen.id, "Ann").value();
  auto unseen = fire(add_server("unseen"));
  run_for(14min, 10s);
  EXPECT_EQ(telegram_.sent.size(), 1u);
  run_for(2min, 10s);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_EQ(telegram_.sent[1].chat_id, -77);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("<b>unseen</b>: CPU is over 90 %"));
  rig_->book.acknowledge_card(2, "Bob").value();
  run_for(10s);
  EXPECT_THAT(telegram_.shown[100], HasSubstr("acknowledged by Bob")) << "both chats see it";
  EXPECT_THAT(telegram_.shown[101], HasSubstr("Acknowledged by Bob"));
  resolve(unseen);
  run_for(30min, 10s);
  EXPECT_EQ(telegram_.sent.size(), 2u);
}

TEST_F(MessagesTest, WhatCouldNotBeSentForHoursComesSummedUpWithItsOwnTimes) {
  auto before = fire(add_server("before"));
  run_for(2s);
  telegram_.down_until = clock_.now() + 4h;
  std::vector<catalog::Incident> incidents;
  for (int i = 0; i < 7; ++i) {
    run_for(20min, 1min);
    incidents.push_back(fire(add_server(fmt::format("s{}", i))));
    repeat(before);
  }
  for (int i = 0; i < 5; ++i) resolve(incidents[static_cast<size_t>(i)]);
  open();
  run_for(3h, 10s);
  ASSERT_EQ(telegram_.sent.size(), 2u) << "one for all of it";
  const std::string& text = telegram_.sent[1].html;
  EXPECT_THAT(text,
              HasSubstr("<b>Telegram could not be reached</b> from 14:20 on. Meanwhile: 8 fired, 5 healed, 3 still"));
  EXPECT_THAT(text, HasSubstr("<b>s6</b> CPU 97 % (over 90 %), since 16:15"));
  EXPECT_THAT(text, HasSubstr("🟢 <b>s0</b> CPU, 14:15 - 16:20 (2h 5m)"));
  EXPECT_EQ(rig_->outbox.undelivered(), 0u);
  resolve(incidents[6]);
  run_for(10s);
  EXPECT_THAT(telegram_.shown[101], HasSubstr("6 healed")) << "it lives on";
}

TEST_F(MessagesTest, AChatThatBlockedTheBotIsLeftAloneAndTheOwnerHearsOfIt) {
  rig_->people.add_chat(-77, 0, "team", 0).value();
  telegram_.blocked.insert(-77);
  auto incident = fire(add_server("web"));
  run_for(2s);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("Chat -77 gets no more messages: bot was blocked by the user"));
  EXPECT_EQ(telegram_.sent[1].chat_id, 42);
  clock_.advance(30min);
  repeat(incident);
  resolve(incident);
  run_for(10s);
  for (const auto& message : telegram_.sent) EXPECT_EQ(message.chat_id, 42);
  EXPECT_EQ(rig_->outbox.undelivered(), 0u);
  EXPECT_EQ(rig_->outbox.stats("telegram").failed, 1u);
  EXPECT_EQ(rig_->outbox.stats("telegram").waiting, 0u);
}

TEST_F(MessagesTest, DeliveryKnowsHowLateItIs) {
  telegram_.down_until = clock_.now() + 2min;
  fire(add_server("web"));
  run_for(90s);
  auto stats = rig_->outbox.stats("telegram");
  EXPECT_EQ(stats.waiting, 1u);
  EXPECT_EQ(stats.oldest_waits, 90s);
  EXPECT_GT(stats.attempts_failed, 2u);
  EXPECT_FALSE(stats.trouble.empty());
  run_for(3min);
  stats = rig_->outbox.stats("telegram");
  EXPECT_EQ(stats.delivered, 1u);
  EXPECT_GE(stats.delay_seconds_sum, 120);
  EXPECT_EQ(stats.trouble, "");
}

TEST_F(MessagesTest, IncidentsWithoutAResourceAndThoseBelowAThresholdAreWordedToo) {
  auto silent = open_incident(add_server("db <1>"));
  silent.kind = "no_data";
  silent.resource = "";
  silent.breached_at = parse_time("2026-11-26T13:03:00Z").value();
  silent = fire(silent);
  run_for(31s);
  ASSERT_EQ(telegram_.sent.size(), 1u);
  EXPECT_THAT(telegram_.sent[0].html, HasSubstr("⚫ <b>db &lt;1&gt;</b>: silent since 13:03\nfor 57m"));
  EXPECT_FALSE(telegram_.sent[0].picture.has_value());
  resolve(silent);
  run_for(1s);
  EXPECT_THAT(telegram_.shown[100], HasSubstr("sends again\nit was silent from 13:03 for 57m"));
  auto low = open_incident(add_server("idle"));
  low.below = true;
  low.threshold = 5;
  low.peak = 1;
  low.value = 2;
  fire(low);
  run_for(2s);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("CPU is under 5.0 %\nnow <b>2.0 %</b>, lowest 1.0 %"));
}

TEST_F(MessagesTest, AWebhookGetsEveryStepInOrderAndOneRowIsTriedUntilItIsTaken) {
  has_webhook_ = true;
  open();
  auto incident = fire(add_server("web"));
  rig_->book.acknowledge(incident.id, "Ann").value();
  resolve(incident);
  ScriptedTelegram hook{clock_};
  hook.down_until = clock_.now() + 5s;
  for (int i = 0; i < 60; ++i) {
    rig_->outbox.deliver(hook, "webhook").value();
    clock_.advance(1s);
  }
  ASSERT_EQ(hook.sent.size(), 3u);
  EXPECT_THAT(
      hook.sent[0].html,
      HasSubstr(
          R"({"event":"fired","at":"2026-11-26T14:00:00Z","silenced":false,"incident":{"id":1,"state":"firing")"));
  EXPECT_THAT(hook.sent[1].html, HasSubstr(R"("acknowledged_by":"Ann")"));
  EXPECT_THAT(hook.sent[2].html, HasSubstr(R"("event":"resolved")"));
  EXPECT_LT(hook.sent[0].id, hook.sent[1].id);
  EXPECT_EQ(rig_->outbox.stats("webhook").waiting, 0u);
  EXPECT_EQ(rig_->outbox.stats("telegram").waiting, 2u) << "the channels do not wait for each other";
}

}  // namespace
}  // namespace mps::service
