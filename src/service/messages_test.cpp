// Living messages: one for each incident, or for those that begin together.

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "testing/batches.h"
#include "testing/message_rig.h"

namespace mps::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class BreachTest : public MessagesTest {
 protected:
  // Readings every 10 s, evaluated and delivered after each.
  void run_at(ServerId server, double cpu, Duration duration) {
    for (Duration t = 0s; t < duration; t += 10s) {
      clock_.advance(10s);
      mps::testing::BatchBuilder batch;
      batch.add(server, clock_.now(), "cpu", {{"cpu", "cpu-total"}}, {{"usage_idle", Value::of_float(100 - cpu)}});
      rig_->store->append_and_wait(batch.batch()).value();
      rig_->alerts.evaluate().value();
      rig_->announcements.tick(clock_.now()).value();
      rig_->outbox.deliver(telegram_).value();
    }
  }
  // The hub dies after Telegram took the next message and before that is noted: what is on disk then is kept aside.
  void die_at_next_message() {
    telegram_.on_accept = [this] {
      telegram_.on_accept = nullptr;
      std::filesystem::copy(folder_.path(), kept_.path() / "at-death", std::filesystem::copy_options::recursive);
    };
  }
  bool has_died() const { return std::filesystem::exists(kept_.path() / "at-death"); }
  void come_back() {
    rig_.reset();
    for (const char* file : {"catalog.db", "catalog.db-wal", "catalog.db-shm"}) {
      std::filesystem::remove(folder_.path() / file);
      if (std::filesystem::exists(kept_.path() / "at-death" / file))
        std::filesystem::copy(kept_.path() / "at-death" / file, folder_.path() / file);
    }
    open();
  }
  testing::TemporaryFolder kept_;
};

TEST_F(BreachTest, ThreeHoursAreOneMessageFiveRepliesAndOneEditAcrossTwoDeathsAndAnHourWithoutTelegram) {
  const ServerId web = add_server("web");
  rig_->set_rule(web, "cpu", 90, 5min, 30min);
  run_at(web, 20, 2min);
  run_at(web, 97, 40min);  // fires after 5, repeats after 35
  open();                  // the first death: between two messages
  run_at(web, 97, 20min);
  telegram_.down_until = clock_.now() + 1h;  // over the repeats after 65 and 95
  run_at(web, 97, 63min);
  die_at_next_message();  // the repeat after 125
  while (!has_died()) run_at(web, 97, 10s);
  come_back();
  run_at(web, 97, 3h - 125min - 10s);
  run_at(web, 20, 10min);

  std::string all;
  for (const auto& message : telegram_.sent) all += fmt::format("{}: {}\n", message.id, message.html);
  ASSERT_EQ(telegram_.sent.size(), 1u + 5u + 1u) << all;
  EXPECT_THAT(telegram_.sent[0].html, HasSubstr("<b>web</b>: CPU is over 90 %"));
  ASSERT_TRUE(telegram_.sent[0].picture.has_value());
  EXPECT_EQ(telegram_.sent[0].picture->content.substr(1, 3), "PNG");
  size_t perhaps_twice = 0;
  for (size_t i = 1; i < telegram_.sent.size(); ++i) {
    EXPECT_THAT(telegram_.sent[i].html, HasSubstr("CPU is still over 90 %"));
    EXPECT_EQ(telegram_.sent[i].reply_to, 100);
    perhaps_twice +=
        telegram_.sent[i].html.find("Perhaps you have this twice: the hub was stopped") != std::string::npos;
  }
  EXPECT_EQ(perhaps_twice, 1u) << "the one that was sent again at the second death says so";
  EXPECT_EQ(telegram_.sent[4].id, telegram_.sent[5].id) << "it bears the number of the same row";
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("Written at 15:07; it could not be sent before"));
  EXPECT_THAT(telegram_.sent[3].html, HasSubstr("Written at 15:37; it could not be sent before"));
  ASSERT_EQ(telegram_.edits.size(), 1u);
  EXPECT_EQ(telegram_.edits[0].edits, 100);
  EXPECT_THAT(telegram_.edits[0].html,
              HasSubstr("<b>web</b>: CPU is back to 20 %\nit was over 90 % from 14:02 for 3h"));
  EXPECT_EQ(rig_->outbox.undelivered(), 0u);
  std::string life;
  for (const auto& step : rig_->book.history(1).value()) life += step.what + " ";
  EXPECT_EQ(life, "pending firing resolved ");
}

TEST_F(BreachTest, APictureThatIsRefusedDoesNotKeepTheWordsFromGoingOut) {
  telegram_.refuses_pictures = true;
  const ServerId web = add_server("web");
  run_at(web, 97, 6min);
  run_at(web, 20, 1min);
  ASSERT_EQ(telegram_.sent.size(), 1u);
  EXPECT_FALSE(telegram_.sent[0].picture.has_value());
  ASSERT_EQ(telegram_.edits.size(), 1u);
  EXPECT_FALSE(telegram_.edits[0].edits_picture);
  EXPECT_THAT(telegram_.shown[100], HasSubstr("is back to 20 %"));
}

TEST_F(MessagesTest, AcknowledgedIncidentsDoNotRepeatAndTheMessageSaysWho) {
  auto incident = fire(add_server("web"));
  run_for(2s);
  ASSERT_EQ(telegram_.sent.size(), 1u);
  ASSERT_EQ(telegram_.sent[0].buttons[0][0].action, "card ack 1");
  EXPECT_EQ(rig_->book.acknowledge_card(1, "Ann <3").value(), 1u);
  EXPECT_EQ(rig_->book.acknowledge_card(1, "Bob").value(), 1u) << "the first one counts";
  run_for(2s);
  ASSERT_EQ(telegram_.edits.size(), 1u);
  EXPECT_THAT(telegram_.edits[0].html, HasSubstr("Acknowledged by Ann &lt;3, 14:00"));
  EXPECT_THAT(telegram_.edits[0].buttons[0][0].text, HasSubstr("Snooze"));
  clock_.advance(30min);
  repeat(incident);
  run_for(2s);
  EXPECT_EQ(telegram_.sent.size(), 1u);
  resolve(incident);
  run_for(2s);
  EXPECT_EQ(telegram_.sent.size(), 1u);
  EXPECT_THAT(telegram_.edits.back().html, HasSubstr("is back to 20 %"));
  EXPECT_EQ(rig_->book.acknowledge(incident.id, "Ann").error().message, "incident 1 is over already");
  auto next = fire(incident.server);
  run_for(2s);
  EXPECT_THAT(telegram_.sent.back().html, Not(HasSubstr("Acknowledged"))) << "it ended with the incident";
}

TEST_F(MessagesTest, SnoozedIncidentsAreSilentUntilThenAndSpeakOnceThatIsOver) {
  auto incident = fire(add_server("web"));
  run_for(2s);
  EXPECT_EQ(rig_->book.snooze_card(1, clock_.now() + 1h, "Ann").value(), 1u);
  run_for(2s);
  EXPECT_THAT(telegram_.edits.back().html, HasSubstr("Snoozed until 15:00"));
  clock_.advance(30min);
  repeat(incident);
  run_for(2s);
  EXPECT_EQ(telegram_.sent.size(), 1u);
  run_for(30min, 10s);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("still over"));
  EXPECT_EQ(telegram_.sent[1].reply_to, 100);
  EXPECT_THAT(telegram_.edits.back().html, Not(HasSubstr("Snoozed")));
  EXPECT_EQ(rig_->book.snooze(incident.id, clock_.now() - 1s, "Ann").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(rig_->book.next_morning(42), parse_time("2026-11-27T08:00:00Z").value());
}

TEST_F(BreachTest, WhatComesAndGoesIsHeldOpenAndSaysSo) {
  const ServerId web = add_server("web");
  rig_->set_rule(web, "cpu", 90, 10s, 60min);
  for (int turn = 0; turn < 6; ++turn) {
    run_at(web, 97, 1min);
    run_at(web, 20, 1min);
  }
  EXPECT_EQ(telegram_.sent.size(), 2u) << "the second one stays, and takes the other turns";
  EXPECT_THAT(telegram_.shown[101], HasSubstr("It comes and goes: held open"));
  EXPECT_EQ(rig_->book.open().value().size(), 1u);
  run_at(web, 20, 27min);
  EXPECT_EQ(rig_->book.open().value().size(), 1u);
  run_at(web, 20, 4min);
  EXPECT_TRUE(rig_->book.open().value().empty());
  EXPECT_THAT(telegram_.shown[101], HasSubstr("is back to 20 %"));
  EXPECT_EQ(telegram_.sent.size(), 2u);
  run_at(web, 97, 1min);
  EXPECT_EQ(telegram_.sent.size(), 3u);
}

TEST(LeftOut, CellsOfPlannedWorkTeachNothing) {
  Frame history;
  history.grid = {kThursday, 5min, 4};
  history.columns.push_back({"cpu", {1, 2, 3, 4}});
  blank_out(history, {{kThursday + 6min, kThursday + 10min}});
  EXPECT_THAT(history.columns[0].values, ::testing::ElementsAre(1, ::testing::IsNan(), 3, 4));
}

TEST_F(MessagesTest, WhatBeginsWithinHalfAMinuteIsOneMessageThatBecomesAList) {
  std::vector<catalog::Incident> incidents;
  std::vector<ServerId> servers;
  for (int i = 0; i < 45; ++i) servers.push_back(add_server(fmt::format("web-{:02}", i)));
  incidents.push_back(fire(servers[0]));
  run_for(2s);
  ASSERT_EQ(telegram_.sent.size(), 1u) << "the first one does not wait for the others";
  for (size_t i = 1; i < 7; ++i) incidents.push_back(fire(servers[i]));
  run_for(27s);
  EXPECT_EQ(telegram_.sent.size(), 1u);
  ASSERT_EQ(telegram_.edits.size(), 1u);
  EXPECT_THAT(telegram_.edits[0].html, HasSubstr("<b>7 of 45 servers: CPU</b>"));
  EXPECT_THAT(telegram_.edits[0].html, HasSubstr("\n🔴 <b>web-06</b> CPU 97 % (over 90 %), since 13:55"));
  EXPECT_EQ(telegram_.edits[0].buttons[0][0].text, "Acknowledge all 7");
  run_for(2s);
  const auto late = fire(servers[9]);
  run_for(2s);
  EXPECT_EQ(telegram_.sent.size(), 2u) << "after half a minute there is a message of its own";
  clock_.advance(30min);
  for (auto& incident : incidents) repeat(incident);
  run_for(10s);
  ASSERT_EQ(telegram_.sent.size(), 3u) << "one reply for all seven";
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("<b>Still 7 of 45 servers: CPU</b>"));
  EXPECT_EQ(telegram_.sent[2].reply_to, 100);
  for (size_t i = 0; i < 4; ++i) resolve(incidents[i]);
  run_for(10s);
  EXPECT_THAT(telegram_.shown[100], HasSubstr("<b>3 of 45 servers: CPU</b> (4 are over)"));
  for (size_t i = 4; i < 7; ++i) resolve(incidents[i]);
  run_for(10s);
  EXPECT_THAT(telegram_.shown[100], HasSubstr("🟢 <b>7 of 45 servers: CPU</b>: all 7 are over"));
  EXPECT_EQ(telegram_.sent.size(), 3u);
}

TEST_F(MessagesTest, WhatBeginsAfterTheFirstIsOverGetsAMessageOfItsOwn) {
  auto over = fire(add_server("a"));
  run_for(2s);
  resolve(over);
  run_for(2s);
  fire(add_server("b"));
  run_for(10s);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("<b>b</b>: CPU is over 90 %"));
}

TEST_F(MessagesTest, AStormOfAThousandIsThreeMessagesAtMostAndOneGrowingSummary) {
  std::vector<ServerId> servers;
  for (int i = 0; i < 1000; ++i) servers.push_back(add_server(fmt::format("host-{:04}", i)));
  size_t next = 0;
  const auto storm = [&](size_t count) {
    for (size_t i = 0; i < count; ++i) fire(servers[next++]);
  };
  storm(1);
  run_for(1s);
  for (int second = 0; second < 9; ++second) {
    storm(100);
    run_for(1s);
  }
  run_for(6s);
  rig_->book.acknowledge_card(1, "Ann").value();
  run_for(6s);
  EXPECT_THAT(telegram_.shown[100], HasSubstr(", acknowledged by Ann")) << "the file that is to come holds nothing up";
  run_for(28s);
  storm(99);  // long after the half minute: the summary grows
  run_for(9s);
  EXPECT_EQ(telegram_.sent.size(), 2u) << "in the first minute: the alert, and the list as a file";
  EXPECT_LE(telegram_.edits.size(), 12u);
  run_for(1min);
  EXPECT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.shown[100], HasSubstr("<b>1000 of 1000 servers: CPU</b>"));
  EXPECT_THAT(telegram_.shown[100],
              ::testing::ContainsRegex("since 13:5.(, acknowledged by Ann)?\n… and 9[0-9]+ more$"))
      << "cut between alerts, never inside one";
  ASSERT_TRUE(telegram_.sent[1].document.has_value());
  EXPECT_EQ(telegram_.sent[1].reply_to, 100);
  const std::string& list = telegram_.sent[1].document->content;
  EXPECT_EQ(std::count(list.begin(), list.end(), '\n'), 1 + 901) << "all that fired until then";
  EXPECT_THAT(list, HasSubstr("host-0900 CPU 97 % (over 90 %)"));
  EXPECT_THAT(list, Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace mps::service
