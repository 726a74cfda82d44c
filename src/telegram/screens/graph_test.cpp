#include <fmt/format.h>
#include <gmock/gmock.h>

#include "telegram/screens/live_graph.h"
#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class GraphScreenTest : public Conversation {
 protected:
  GraphScreenTest() {
    pair();
    for (const char* name : {"db 1", "web-1", "web-2"}) {
      const ServerId server = add_server(name);
      for (int minute = 0; minute < 30; ++minute) report(server, minute * 1min);
    }
  }
  Replies press_and_show(const std::string& data) {
    const auto pressed = press(data);
    return pressed.screen == nullptr ? Replies() : dialogue_->show(pressed);
  }
  static InlineButton button(const Replies& replies, std::string_view text) {
    for (const InlineButton& each : buttons(replies)) {
      if (each.text == text) return each;
    }
    ADD_FAILURE() << "no button " << text;
    return {};
  }
  Replies press_button(const Replies& replies, std::string_view text) {
    return press_and_show(button(replies, text).callback_data);
  }
  static bool is_picture(const Replies& replies) {
    return replies.size() == 1 && replies[0].content.photo && replies[0].content.photo->content.starts_with("\x89PNG");
  }
};

TEST_F(GraphScreenTest, TypedInAllTheWaysThatPeopleType) {
  for (const auto& [typed, caption] : std::initializer_list<std::pair<const char*, const char*>>{
           {"/graph db 1", "<b>db 1</b>: CPU, the last 24h"},
           {"/graph db 1 ram 7d", "<b>db 1</b>: RAM, the last 7d"},
           {"/graph db 1 cpu,ram 1,5h", "<b>db 1</b>: CPU, RAM, the last 1h 30m"},
           {"/graph db 1 память 3 дня", "<b>db 1</b>: RAM, the last 3d"},
           {"/graph db 1 vs web-1 cpu", "<b>db 1, web-1</b>: CPU, the last 24h"},
           {"/graph web-1 vs web-2, db 1 cpu and ram 6h", "<b>web-1, web-2, db 1</b>: CPU, RAM, the last 6h"},
           {"/graph web-2 cpu 22.11 06:00 - 22.11 08:00", "<b>web-2</b>: CPU, Sun 22 Nov 06:00 - Sun 22 Nov 08:00"}}) {
    const Replies replies = say(typed);
    EXPECT_TRUE(is_picture(replies)) << typed;
    EXPECT_THAT(text_of(replies), HasSubstr(caption)) << typed;
  }
}

TEST_F(GraphScreenTest, WhatIsNotUnderstoodIsRefusedPrecisely) {
  EXPECT_THAT(ask("/graph db 1 cpu 3 <parsecs>"), HasSubstr("what <code>3 &lt;parsecs&gt;</code> means here"));
  EXPECT_THAT(ask("/graph db 1 cpu 2027-01-01"), HasSubstr("2027-01-01"));
}

TEST_F(GraphScreenTest, EveryRangeIsAPress) {
  const Replies day = say("/graph db 1 ram");
  EXPECT_THAT(buttons(day), Contains(::testing::Field(&InlineButton::text, "✓ 24h")));
  const Replies week = press_button(day, "7d");
  ASSERT_TRUE(is_picture(week));
  EXPECT_TRUE(week[0].in_place);
  EXPECT_THAT(text_of(week), HasSubstr("RAM, the last 7d"));
  EXPECT_THAT(text_of(press_button(week, "CPU")), HasSubstr("CPU, the last 7d"));
}

TEST_F(GraphScreenTest, SeveralResourcesAreToggled) {
  const Replies several = press_button(say("/graph db 1"), "Several…");
  const Replies two = press_button(several, "RAM");
  EXPECT_THAT(text_of(two), HasSubstr("CPU, RAM"));
  const Replies one = press_button(two, "✓ CPU");
  EXPECT_THAT(text_of(one), HasSubstr("</b>: RAM, "));
  EXPECT_THAT(text_of(press_button(one, "✓ RAM")), HasSubstr("</b>: RAM, ")) << "one stays";
  EXPECT_THAT(text_of(press_button(two, "Done")), HasSubstr("CPU, RAM"));
}

TEST_F(GraphScreenTest, ServersAreComparedByButton) {
  const Replies choose = press_button(say("/graph db 1"), "Compare…");
  const Replies two = press_button(choose, "web-2");
  EXPECT_THAT(text_of(two), HasSubstr("<b>db 1, web-2</b>"));
  EXPECT_THAT(text_of(press_button(two, "✓ db 1")), HasSubstr("<b>web-2</b>"));
  EXPECT_THAT(text_of(press_button(two, "Done")), HasSubstr("<b>db 1, web-2</b>"));
}

TEST_F(GraphScreenTest, AnotherTimeIsAskedForAndRefusedUntilItIsOneAcrossARestart) {
  const Replies question = press_button(say("/graph db 1 ram"), "Other time…");
  ASSERT_TRUE(std::holds_alternative<ForceReply>(question.at(0).content.markup));
  restart();
  EXPECT_THAT(ask("whenever"), HasSubstr("<code>whenever</code> is no stretch of time"));
  EXPECT_THAT(ask("90 мин"), HasSubstr("<b>db 1</b>: RAM, the last 1h 30m"));
  EXPECT_THAT(ask("2h"), Not(HasSubstr("RAM"))) << "it is asked once";
}

TEST_F(GraphScreenTest, ButtonsOfOlderMessagesStillWork) {
  EXPECT_THAT(text_of(press_and_show("graph 1")), HasSubstr("<b>db 1</b>: CPU, the last 24h"));
  EXPECT_THAT(text_of(press_and_show("graph 2 ram")), HasSubstr("<b>web-1</b>: RAM, the last 24h"));
}

TEST_F(GraphScreenTest, EveryButtonFitsAndLeadsSomewhere) {
  for (int i = 0; i < 30; ++i) add_server(fmt::format("{}{}", std::string(190, 'x'), i));
  for (const char* mode : {"", " +", " vs 0", " vs 2"}) {
    for (const auto& each : buttons(press_and_show("graph 30,31,32,33 5678 thjq9s-hjr90" + std::string(mode)))) {
      EXPECT_LE(each.callback_data.size(), 55u) << each.callback_data;
      EXPECT_LE(visible_length(each.text), 40u);
    }
  }
  for (const auto& each : buttons(say("/graph db 1"))) EXPECT_FALSE(press_and_show(each.callback_data).empty());
}

TEST_F(GraphScreenTest, HostileArgumentsDoNoHarm) {
  for (const char* data :
       {"graph", "graph x", "graph 1 x y z", "graph 1,1,1,1,1,1 000 -5m", "graph 1 99 t-",
        "graph 1 0 "
        "tzzzzz-0",
        "graph 1 0 thjq9s-zzzzzz", "graph 99999999999999999999 0 1440m", "graph 1 0 1440m vs -3", "graph ,,, ,,,"})
    EXPECT_NE(text_of(press_and_show(data)), "") << data;
}

class LiveGraphTest : public GraphScreenTest {
 protected:
  Replies begin() { return press_and_show("graph 1 0 60m live"); }
  // As the bot does once the message is there.
  void keep(const Replies& replies, MessageId message = MessageId(9)) {
    ASSERT_TRUE(replies.at(0).living.has_value());
    const auto& living = *replies[0].living;
    ASSERT_TRUE(renewals_->begin(
        {{kOwner, 0, {}}, message, living.command, living.arguments, living.user, clock_.now()}, living.first));
  }
  void live(Duration time) {
    for (const Timestamp end = clock_.now() + time; clock_.now() < end;) {
      clock_.set(std::min(renewals_->next_due(), end));
      renewals_->tick([this](const Renewal& renewal) { return dialogue_->renew(renewal); },
                      [this](ChatId, MessageId, const MessageContent& content) -> ApiResult<> {
                        edits.push_back(content);
                        return {};
                      },
                      [](ChatId, const std::function<void()>& task) {
                        task();
                        return true;
                      });
    }
  }
  std::vector<MessageContent> edits;
};

TEST_F(LiveGraphTest, ItIsDrawnEveryTenSecondsForAQuarterOfAnHourAndEndsWithAPicture) {
  keep(begin());
  live(1min);
  ASSERT_EQ(edits.size(), 6u);
  EXPECT_TRUE(edits[0].photo.has_value());
  EXPECT_THAT(edits[0].html, HasSubstr("Live until 08:15"));
  EXPECT_EQ(std::get<InlineKeyboard>(edits[0].markup).size(), 1u);
  EXPECT_NE(edits[0].photo->content, edits[5].photo->content) << "time goes on";
  live(30min);
  EXPECT_EQ(edits.size(), 90u);
  EXPECT_TRUE(edits.back().photo.has_value());
  EXPECT_THAT(edits.back().html, HasSubstr("The live graph has ended"));
  EXPECT_GT(std::get<InlineKeyboard>(edits.back().markup).size(), 3u) << "the usual buttons are back";
}

TEST_F(LiveGraphTest, StopEndsItWithAPicture) {
  const Replies begun = begin();
  keep(begun);
  live(20s);
  const Replies stopped = press_and_show(buttons(begun).at(0).callback_data);
  ASSERT_TRUE(is_picture(stopped));
  EXPECT_TRUE(stopped[0].in_place);
  EXPECT_THAT(text_of(stopped), HasSubstr("has ended"));
  live(1min);
  EXPECT_EQ(edits.size(), 2u);
  EXPECT_THAT(text_of(press_and_show(buttons(begun).at(0).callback_data)), HasSubstr("over already"));
}

TEST_F(LiveGraphTest, AFourthIsRefusedUntilOneIsStopped) {
  for (int i = 1; i <= 3; ++i) keep(begin(), MessageId(i));
  EXPECT_THAT(text_of(begin()), HasSubstr("3 live graphs here already"));
  ASSERT_TRUE(renewals_->end(kOwner, MessageId(1)));
  EXPECT_TRUE(is_picture(begin()));
}

TEST_F(LiveGraphTest, TypedItBeginsInAMessageOfItsOwn) {
  const Replies replies = say("/graph db 1 cpu live");
  ASSERT_TRUE(is_picture(replies));
  EXPECT_TRUE(replies[0].living.has_value());
}

TEST_F(LiveGraphTest, ItGoesOnAfterARestartAndItsButtonWorks) {
  const Replies begun = begin();
  keep(begun);
  live(1min);
  edits.clear();
  restart();
  live(20s);
  EXPECT_EQ(edits.size(), 3u) << "at once, and every ten seconds";
  EXPECT_THAT(text_of(press_and_show(buttons(begun).at(0).callback_data)), HasSubstr("has ended"));
}

TEST_F(LiveGraphTest, ARemovedServerEndsItInWords) {
  keep(begin());
  ASSERT_TRUE(hub_->servers().remove(ServerId(1)));
  live(1min);
  ASSERT_EQ(edits.size(), 1u);
  EXPECT_TRUE(edits[0].keeps_picture);
  EXPECT_THAT(edits[0].html, HasSubstr("has been removed"));
}

TEST_F(LiveGraphTest, WithoutFiguresThereIsNothingToKeepAlive) {
  add_server("empty");
  const Replies replies = press_and_show("graph 4 0 60m live");
  EXPECT_FALSE(replies.at(0).living.has_value());
  EXPECT_THAT(text_of(replies), HasSubstr("nothing of it has been sent yet"));
}

}  // namespace
}  // namespace mps::telegram
