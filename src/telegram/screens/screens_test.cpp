#include <fmt/format.h>
#include <gmock/gmock.h>
#include <set>

#include "telegram/screens/common.h"
#include "telegram/telegraf_conf.h"
#include "testing/telegram_conversation.h"

namespace mps::telegram {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class ScreensTest : public Conversation {
 protected:
  ScreensTest() { pair(); }
  Replies press_and_show(const std::string& data) {
    const auto pressed = press(data);
    return pressed.screen == nullptr ? Replies() : dialogue_->show(pressed);
  }
};

TEST_F(ScreensTest, ConnectAnswersWithTokenCommandAndTelegrafConf) {
  const Replies replies = say("/connect web <1>");
  ASSERT_EQ(replies.size(), 4u);
  const std::string html = replies[0].content.html;
  EXPECT_THAT(html, HasSubstr("<b>web &lt;1&gt;</b> is registered"));
  const size_t begin = html.find("<code>") + 6;
  const std::string token = html.substr(begin, html.find("</code>") - begin);
  EXPECT_TRUE(hub_->servers().authenticate(token));
  EXPECT_THAT(html, HasSubstr("<pre>mps-agent --hub http://hub:8080 --token " + token + "</pre>"));
  const auto& conf = replies[1].content.document;
  ASSERT_TRUE(conf.has_value());
  EXPECT_EQ(conf->name, "telegraf.conf");
  EXPECT_THAT(conf->content, HasSubstr("token = \"" + token + "\""));
  EXPECT_THAT(conf->content, HasSubstr("urls = [\"http://hub:8080\"]"));
}

TEST_F(ScreensTest, TheTelegrafConfHasEveryInputThatTheResourcesRead) {
  const std::string conf = telegraf_conf("http://hub", "t");
  for (const Resource& resource : resources())
    EXPECT_THAT(conf, HasSubstr(fmt::format("[[inputs.{}]]", resource.measurement)));
}

TEST_F(ScreensTest, ConnectWithoutANameAsksForOneAndTakesTheNextText) {
  const Replies question = say("/connect");
  ASSERT_EQ(question.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<ForceReply>(question[0].content.markup));
  EXPECT_THAT(ask("  db 1 "), HasSubstr("<b>db 1</b> is registered"));
  EXPECT_TRUE(hub_->servers().find("db 1"));
  EXPECT_THAT(ask("db 2"), Not(HasSubstr("registered")));
}

TEST_F(ScreensTest, TheQuestionOutlivesARestartButNotAnHour) {
  say("/connect");
  restart();
  EXPECT_THAT(ask("db1"), HasSubstr("registered"));
  say("/connect");
  clock_.advance(61min);
  EXPECT_THAT(ask("db2"), Not(HasSubstr("registered")));
}

TEST_F(ScreensTest, ConnectRefusesANameThatIsTaken) {
  add_server("web");
  const std::string html = ask("/connect web");
  EXPECT_THAT(html, StartsWith("That did not work: "));
  EXPECT_THAT(html, HasSubstr("web"));
}

TEST_F(ScreensTest, ServersStandWorstFirstWithMarkAndAge) {
  report(add_server("a-fresh"), 12s);
  report(add_server("b-silent"), 10min);
  add_server("c-never");
  const std::string html = ask("/servers");
  EXPECT_THAT(html, HasSubstr("<b>Servers</b>: 3"));
  EXPECT_LT(html.find("b-silent"), html.find("a-fresh"));
  EXPECT_LT(html.find("a-fresh"), html.find("c-never"));
  EXPECT_THAT(html, HasSubstr("<b>a-fresh</b> - 12s ago"));
  EXPECT_THAT(html, HasSubstr("<b>c-never</b> - nothing received yet"));
}

TEST_F(ScreensTest, StatusShowsFiguresUptimeAndAge) {
  report(add_server("web"), 7s);
  const Replies replies = say("/status web");
  const std::string html = text_of(replies);
  EXPECT_THAT(html, HasSubstr("<b>web</b>\nCPU: <b>"));
  EXPECT_THAT(html, HasSubstr("RAM: <b>"));
  EXPECT_THAT(html, HasSubstr("Disk /: <b>"));
  EXPECT_THAT(html, HasSubstr("Disk /&lt;b&gt;: <b>"));
  EXPECT_THAT(html, HasSubstr("Load: <b>"));
  EXPECT_THAT(html, HasSubstr("Uptime: <b>1d 1h</b>"));
  EXPECT_THAT(html, HasSubstr("Data 7s old"));
  EXPECT_EQ(buttons(replies).at(0).text, "Refresh");
}

TEST_F(ScreensTest, RefreshShowsTheNewFiguresInPlace) {
  const ServerId server = add_server("web");
  report(server, 7s);
  const auto refresh = buttons(say("/status web")).at(0);
  clock_.advance(1min);
  report(server, 0s, 1.0);
  const Replies replies = press_and_show(refresh.callback_data);
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_TRUE(replies[0].in_place);
  EXPECT_THAT(text_of(replies), HasSubstr("CPU: <b>99"));
}

TEST_F(ScreensTest, TheOnlyServerNeedsNoName) {
  report(add_server("web"));
  EXPECT_THAT(ask("/status"), HasSubstr("<b>web</b>"));
}

TEST_F(ScreensTest, OfManyServersOneIsPickedByButtonPageByPage) {
  for (int i = 0; i < 45; ++i) add_server(fmt::format("server-{:02}", i));
  const Replies first = say("/graph");
  EXPECT_EQ(text_of(first), kEnglish.pick_server);
  std::set<std::string> names;
  std::string next = "pick graph 0";
  for (int page = 0; page < 3; ++page) {
    const Replies shown = press_and_show(next);
    for (const auto& button : buttons(shown)) {
      if (button.text == kEnglish.button_next) next = button.callback_data;
      if (button.callback_data.starts_with("graph ")) names.insert(button.text);
    }
  }
  EXPECT_EQ(names.size(), 45u);
}

TEST_F(ScreensTest, AnUnknownNameOffersTheKnownOnes) {
  add_server("web");
  const Replies replies = say("/status <b>wbe</b>");
  EXPECT_THAT(text_of(replies), HasSubstr("no server named <b>&lt;b&gt;wbe&lt;/b&gt;</b>"));
  EXPECT_EQ(buttons(replies).at(0).text, "web");
}

TEST_F(ScreensTest, OptionsMayFollowANameThatHoldsSpaces) {
  add_server("web");
  report(add_server("web 1 cpu"));
  EXPECT_THAT(ask("/graph web 1 cpu RAM"), HasSubstr("<b>web 1 cpu</b>: RAM"));
  EXPECT_THAT(ask("/graph web swap"), HasSubstr("Swap of <b>web</b>"));
  EXPECT_THAT(ask("/forecast web ram 1h"), HasSubstr("No forecast of RAM of <b>web</b>"));
  EXPECT_THAT(ask("/forecast web ram 3<h"), HasSubstr("no forecast for <b>3&lt;h</b> ahead"));
}

TEST_F(ScreensTest, AButtonOfARemovedServerOffersTheOthers) {
  const ServerId gone = add_server("gone");
  add_server("web");
  ASSERT_TRUE(hub_->servers().remove(gone));
  const Replies replies = press_and_show(fmt::format("status {}", static_cast<int64_t>(gone)));
  EXPECT_EQ(text_of(replies), kEnglish.pick_server);
}

TEST_F(ScreensTest, GraphSendsAPictureWithAButtonForEveryResource) {
  const ServerId server = add_server("web");
  for (int minute = 0; minute < 30; ++minute) report(server, minute * 1min);
  const Replies replies = say("/graph web disk");
  ASSERT_EQ(replies.size(), 1u);
  ASSERT_TRUE(replies[0].content.photo.has_value());
  EXPECT_THAT(replies[0].content.photo->content, StartsWith("\x89PNG\r\n"));
  EXPECT_THAT(text_of(replies), HasSubstr("<b>web</b>: Disk"));
  for (const Resource& resource : resources()) {
    const std::string title = resource.name == "disk" ? "✓ Disk" : std::string(resource.title);
    const auto data = fmt::format("graph {} {} 1440m", static_cast<int64_t>(server), &resource - resources().data());
    EXPECT_THAT(buttons(replies), ::testing::Contains(InlineButton{title, data}));
  }
}

TEST_F(ScreensTest, GraphOfWhatWasNeverSentSaysSo) {
  add_server("web");
  const Replies replies = say("/graph web swap");
  EXPECT_FALSE(replies.at(0).content.photo.has_value());
  EXPECT_THAT(text_of(replies), HasSubstr("No picture of Swap of <b>web</b>"));
}

TEST_F(ScreensTest, AnUnknownResourceNamesTheKnownOnes) {
  add_server("web");
  EXPECT_THAT(ask("/graph web no_such"), HasSubstr("what <code>no_such</code> means here"));
  EXPECT_THAT(ask("/graph web no_such"), HasSubstr("(cpu, ram, disk"));
  EXPECT_THAT(ask("/forecast web no_such"), HasSubstr("no_such</b>. There are: cpu, ram, disk"));
}

TEST_F(ScreensTest, AForecastWithoutHistorySaysWhatIsMissing) {
  add_server("web");
  EXPECT_THAT(ask("/forecast web"), HasSubstr("No forecast of CPU of <b>web</b>: "));
}

TEST_F(ScreensTest, AForecastFromHalfAnHourDoesNotClaimErrorsThatNobodyMeasured) {
  const ServerId server = add_server("web");
  for (int minute = 0; minute <= 30; minute += 5) report(server, minute * 1min);
  const Replies replies = say("/forecast web cpu 1h");
  ASSERT_TRUE(replies.at(0).content.photo.has_value()) << text_of(replies);
  EXPECT_THAT(text_of(replies), HasSubstr("MAE <b>not known yet</b> (seasonal naive not known yet)"));
  EXPECT_THAT(text_of(replies), Not(HasSubstr("0.00")));
}

TEST_F(ScreensTest, EveryButtonFitsIntoTheCallbackDataOfTelegram) {
  const ServerId server = add_server(std::string(200, 'x'));
  report(server);
  for (const char* text : {"/servers", "/status", "/graph", "/forecast"}) {
    for (const auto& button : buttons(say(text))) {
      const auto data = std::get<InlineKeyboard>(dialogue_->sign(kOwner, InlineKeyboard{{button}}))[0][0].callback_data;
      EXPECT_LE(data.size(), kCallbackDataMaxBytes) << data;
      EXPECT_LE(visible_length(button.text), 40u);
    }
  }
}

TEST_F(ScreensTest, EveryMenuCommandHasADescription) {
  for (const Screen& screen : screens()) {
    if (screen.menu == nullptr) continue;
    EXPECT_FALSE((kEnglish.*screen.menu).empty()) << screen.command;
    EXPECT_EQ(find_screen(screen.command), &screen);
  }
  EXPECT_EQ(find_screen("nothing"), nullptr);
}

}  // namespace
}  // namespace mps::telegram
