#include "telegram/dialogue.h"

#include <gmock/gmock.h>

#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;

using DialogueTest = Conversation;

TEST_F(DialogueTest, AStrangerGetsOnePoliteRefusalAMinuteAndSeesNothing) {
  add_server("secret-db");
  EXPECT_EQ(ask("/servers"), kEnglish.refusal);
  for (const char* text : {"/status", "/status secret-db", "/connect x", "/help", "/start", "hello there"})
    EXPECT_THAT(say(text), IsEmpty()) << text;
  clock_.advance(1min);
  EXPECT_EQ(ask("/status secret-db"), kEnglish.refusal);
  EXPECT_EQ(hub_->servers().list().size(), 1u);
}

TEST_F(DialogueTest, EveryStrangerIsRefusedOnTheirOwn) {
  EXPECT_EQ(ask("/start", ChatId(1)), kEnglish.refusal);
  EXPECT_EQ(ask("/start", ChatId(2)), kEnglish.refusal);
}

TEST_F(DialogueTest, TheFirstWhoSendsTheCodeBecomesTheOwner) {
  const std::string code = *hub_->people().pairing_code();
  EXPECT_THAT(ask("/start " + code), HasSubstr("Welcome, Ann &lt;3!"));
  EXPECT_EQ(ask("/start " + code, ChatId(7)), kEnglish.wrong_code);
  EXPECT_EQ(ask("/servers"), kEnglish.no_servers);
  EXPECT_EQ(ask("/servers", ChatId(7)), kEnglish.refusal);
}

TEST_F(DialogueTest, TheCodeAloneIsEnough) {
  EXPECT_THAT(ask(*hub_->people().pairing_code()), HasSubstr("Welcome"));
}

TEST_F(DialogueTest, GuessesOfTheCodeAreLimited) {
  const std::string code = *hub_->people().pairing_code();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("/start guess-number-" + std::to_string(i)), kEnglish.wrong_code);
  EXPECT_EQ(ask("/start " + code), kEnglish.slow_down);
  clock_.advance(11min);
  EXPECT_THAT(ask("/start " + code), HasSubstr("Welcome"));
}

TEST_F(DialogueTest, ACodeInAGroupIsNotTaken) {
  const std::string code = *hub_->people().pairing_code();
  auto in_group = message("/start " + code, ChatId(-100), false);
  EXPECT_EQ(text_of(dialogue_->on_message(in_group)), kEnglish.pair_in_private);
  EXPECT_EQ(hub_->people().pairing_code(), code);
}

TEST_F(DialogueTest, SmallTalkInAGroupGetsSilence) {
  EXPECT_THAT(dialogue_->on_message(message("hello everybody", ChatId(-100), false)), IsEmpty());
}

TEST_F(DialogueTest, CommandsForAnotherBotArePassedOver) {
  pair();
  dialogue_->set_bot_name("MPS_bot");
  EXPECT_EQ(ask("/servers@mps_BOT"), kEnglish.no_servers);
  EXPECT_EQ(ask("/SERVERS"), kEnglish.no_servers);
  EXPECT_THAT(say("/servers@other_bot"), IsEmpty());
}

TEST_F(DialogueTest, FreeTextGetsTheNearestCommands) {
  pair();
  EXPECT_THAT(ask("statsu"), HasSubstr("/status?"));
  EXPECT_THAT(ask("/forcast db1"), HasSubstr("/forecast?"));
  const std::string all = ask("<b>xyzzy</b>");
  EXPECT_THAT(all, HasSubstr("/servers"));
  EXPECT_THAT(all, HasSubstr("/connect"));
  EXPECT_THAT(all, Not(HasSubstr("pick")));
}

TEST_F(DialogueTest, AnUnknownButtonOrOneOfAnotherChatSaysThatItExpired) {
  pair();
  const auto markup = dialogue_->sign(ChatId(7), InlineKeyboard{{{"x", "servers"}}});
  const std::string foreign = std::get<InlineKeyboard>(markup)[0][0].callback_data;
  EXPECT_EQ(press_signed(foreign).toast, kEnglish.expired_button);
  EXPECT_EQ(press_signed("servers").toast, kEnglish.expired_button);
  EXPECT_EQ(press_signed("").toast, kEnglish.expired_button);
  EXPECT_EQ(press("no_such_screen 1").toast, kEnglish.expired_button);
  EXPECT_EQ(press_signed(foreign).screen, nullptr);
}

TEST_F(DialogueTest, AStrangersPressIsRefused) {
  EXPECT_EQ(press("servers", ChatId(7)).toast, kEnglish.refusal);
  EXPECT_EQ(press("servers", ChatId(7)).screen, nullptr);
}

TEST_F(DialogueTest, ButtonsWorkAcrossARestart) {
  pair();
  const auto markup = dialogue_->sign(kOwner, InlineKeyboard{{{"x", "servers"}}});
  restart();
  const auto pressed = press_signed(std::get<InlineKeyboard>(markup)[0][0].callback_data);
  ASSERT_NE(pressed.screen, nullptr);
  EXPECT_EQ(text_of(dialogue_->show(pressed)), kEnglish.no_servers);
}

TEST_F(DialogueTest, TheOwnerIsStillTheOwnerAfterARestart) {
  pair();
  restart();
  EXPECT_EQ(ask("/servers"), kEnglish.no_servers);
  EXPECT_EQ(hub_->people().pairing_code(), std::nullopt);
}

}  // namespace
}  // namespace mps::telegram
