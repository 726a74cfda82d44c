#include <fmt/format.h>
#include <gmock/gmock.h>

#include "testing/telegram_conversation.h"

// What people do about incidents in the chat: the buttons of living messages, /alerts, /silence, /quiet, /maintenance.
namespace mps::telegram {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class MessageScreensTest : public Conversation {
 protected:
  MessageScreensTest() { pair(); }

  // CPU at 97 % for six minutes: the default rule fires, and the incident is on card 1.
  ServerId breach(const std::string& name) {
    const ServerId server = add_server(name);
    for (int i = 0; i <= 6; ++i) {
      clock_.advance(1min);
      report(server, 0s, 3);
      hub_->alerts().evaluate().value();
    }
    return server;
  }
  std::string act(const std::string& data) {
    const auto pressed = press(data);
    return pressed.screen == nullptr || pressed.screen->act == nullptr ? "" : dialogue_->act(pressed);
  }
  Replies press_and_see(const std::string& data) { return dialogue_->show(press(data)); }
};

TEST_F(MessageScreensTest, TheButtonsOfALivingMessageAcknowledgeAndSnooze) {
  breach("web");
  EXPECT_EQ(act("card ack 1"), "Acknowledged: 1");
  const auto subject = hub_->incidents().find(1).value();
  EXPECT_EQ(subject.incident.acknowledged_by, "user 42");
  EXPECT_THAT(act("card 4h 1"), HasSubstr("Snoozed until "));
  EXPECT_EQ(hub_->incidents().find(1)->incident.snoozed_until, clock_.now() + 4h);
  EXPECT_THAT(act("card morning 1"), HasSubstr("Snoozed until 08:00"));
  EXPECT_EQ(act("card ack 99"), "Nothing fires there any more");
  EXPECT_THAT(act("card nonsense 1"), HasSubstr("That did not work: "));
}

TEST_F(MessageScreensTest, AlertsListsWhatFiresWithButtonsAndTheHistory) {
  EXPECT_THAT(ask("/alerts"), HasSubstr("Nothing fires"));
  EXPECT_THAT(ask("/alerts history"), HasSubstr("Nothing has fired yet"));
  breach("web <1>");
  const Replies list = say("/alerts");
  EXPECT_THAT(text_of(list), HasSubstr("<b>Firing</b>: 1\n1: 🔴 <b>web &lt;1&gt;</b> CPU 97 % (over 90 %), since"));
  EXPECT_EQ(buttons(list).at(0).callback_data, "alerts ack 1");
  const Replies acknowledged = press_and_see("alerts ack 1");
  EXPECT_TRUE(acknowledged.at(0).in_place);
  EXPECT_THAT(text_of(acknowledged), HasSubstr("acknowledged by user 42"));
  EXPECT_THAT(text_of(press_and_see("alerts 1h 1")), HasSubstr("snoozed until"));
  EXPECT_THAT(ask("/alerts history"), HasSubstr("<b>The last 1</b>"));
  const std::string life = ask("/alerts 1");
  EXPECT_THAT(life, HasSubstr(" pending\n"));
  EXPECT_THAT(life, HasSubstr(" firing\n"));
  EXPECT_THAT(life, HasSubstr(" acknowledged by user 42\n"));
  EXPECT_THAT(ask("/alerts 99"), HasSubstr("there is no incident 99"));
  EXPECT_THAT(ask("/alerts nonsense"), HasSubstr("That did not work"));
}

TEST_F(MessageScreensTest, SilenceTakesAServerAGroupOrAllAndListsThem) {
  const ServerId web = add_server("web 1");
  add_server("db");
  EXPECT_THAT(ask("/silence"), HasSubstr("Nothing is silenced"));
  EXPECT_THAT(ask("/silence web 1 cpu 2h moving <it>"), HasSubstr("Silenced: web 1, CPU, "));
  EXPECT_THAT(ask("/silence all 22:00 1h"), HasSubstr("Silenced: all servers, 22:00 - 23:00"));
  EXPECT_THAT(ask("/silence group:front 1h"), HasSubstr("Silenced: group front, "));
  const Replies list = say("/silence");
  EXPECT_THAT(text_of(list), HasSubstr("1: web 1, CPU, "));
  EXPECT_THAT(text_of(list), HasSubstr(": moving &lt;it&gt;, by Ann &lt;3"));
  EXPECT_THAT(text_of(press_and_see("silence end 1")), Not(HasSubstr("web 1")));
  EXPECT_THAT(ask("/silence web 1"), HasSubstr("How long is <b>web 1</b> to be silent?"));
  EXPECT_THAT(text_of(press_and_see(fmt::format("silence {} 4h", static_cast<int64_t>(web)))),
              HasSubstr("Silenced: web 1"));
  EXPECT_THAT(ask("/silence web 1 soon"), HasSubstr("That did not work"));
  EXPECT_THAT(ask("/silence nobody 1h"), HasSubstr("no server named"));
}

TEST_F(MessageScreensTest, MaintenanceIsASilenceThatTeachesNothing) {
  const ServerId web = add_server("web");
  EXPECT_THAT(ask("/maintenance web 2h new disk"), HasSubstr("Maintenance: web, "));
  EXPECT_EQ(hub_->muting().maintenance(web, {clock_.now(), clock_.now() + 24h})->size(), 1u);
  EXPECT_THAT(ask("/maintenance"), HasSubstr(": new disk, by Ann"));
  EXPECT_THAT(ask("/silence"), HasSubstr("Nothing is silenced"));
}

TEST_F(MessageScreensTest, QuietHoursAreSetShownAndTakenAway) {
  EXPECT_THAT(ask("/quiet"), HasSubstr("There are no quiet hours here"));
  EXPECT_THAT(ask("/quiet 22:00 07:00 Europe/Berlin"), HasSubstr("Quiet hours: 22:00 - 07:00, Europe/Berlin"));
  EXPECT_THAT(text_of(press_and_see("quiet 23:00 08:00")), HasSubstr("23:00 - 08:00, Europe/Berlin"));
  EXPECT_THAT(ask("/quiet"), HasSubstr("23:00 - 08:00"));
  EXPECT_THAT(ask("/quiet 25:00 07:00"), HasSubstr("not a time of day"));
  EXPECT_THAT(ask("/quiet 22:00 07:00 Mars/<b>"), HasSubstr("Mars/&lt;b&gt;"));
  EXPECT_THAT(ask("/quiet off"), HasSubstr("off"));
  EXPECT_THAT(ask("/quiet off"), HasSubstr("no quiet hours"));
}

TEST_F(MessageScreensTest, TheirButtonsFitIntoTheCallbackDataOfTelegram) {
  breach(std::string(200, 'x'));
  for (const char* text : {"/alerts", "/silence", "/quiet", "/maintenance"}) {
    for (const auto& button : buttons(say(text))) {
      const auto data = std::get<InlineKeyboard>(dialogue_->sign(kOwner, InlineKeyboard{{button}}))[0][0].callback_data;
      EXPECT_LE(data.size(), kCallbackDataMaxBytes) << data;
    }
  }
}

}  // namespace
}  // namespace mps::telegram
