// Incidents that end although nothing was measured to be well again, and groups that become supergroups: their living
// messages follow.

#include <gmock/gmock.h>

#include "catalog/predictions.h"
#include "service/report_schedule.h"
#include "testing/batches.h"
#include "testing/message_rig.h"

namespace mps::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

class IncidentEndTest : public MessagesTest {
 protected:
  void run_at(ServerId server, double cpu, Duration duration) {
    for (Duration t = 0s; t < duration; t += 10s) {
      clock_.advance(10s);
      mps::testing::BatchBuilder batch;
      batch.add(server, clock_.now(), "cpu", {{"cpu", "cpu-total"}}, {{"usage_idle", Value::of_float(100 - cpu)}});
      rig_->store->append_and_wait(batch.batch()).value();
      round();
    }
  }
  void round() {
    rig_->alerts.evaluate().value();
    rig_->announcements.tick(clock_.now()).value();
    rig_->outbox.deliver(telegram_).value();
  }
  std::vector<std::string> life_of(int64_t incident) {
    std::vector<std::string> life;
    for (const auto& step : rig_->book.history(incident).value()) life.push_back(step.what);
    return life;
  }
  RuleSpec cpu_rule(ServerId server) const {
    RuleSpec spec;
    spec.scope.server = server;
    spec.resource = find_resource("cpu");
    return spec;
  }
};

TEST_F(IncidentEndTest, ARemovedServersMessageSaysSoAndItsIncidentKeepsItsName) {
  const ServerId web = add_server("web <1>"), other = add_server("other");
  run_at(web, 97, 6min);
  ASSERT_EQ(telegram_.sent.size(), 1u);
  rig_->servers.remove(web).value();
  run_at(other, 20, 1min);
  EXPECT_EQ(telegram_.sent.size(), 1u) << "an edit wakes nobody";
  EXPECT_THAT(telegram_.shown[100],
              HasSubstr("⚪ <b>web &lt;1&gt;</b>: the server was removed\nCPU was over 90 % from 14:00 for"));
  EXPECT_TRUE(telegram_.edits.back().buttons.empty() || telegram_.edits.back().buttons[0][0].text != "Acknowledge");
  EXPECT_TRUE(rig_->book.open().value().empty());
  EXPECT_EQ(rig_->book.find(1).value().server, "web <1>");
  EXPECT_THAT(life_of(1), ElementsAre("pending", "firing", "server removed"));
  open();  // nothing comes back after a restart
  run_at(other, 20, 1min);
  EXPECT_EQ(telegram_.sent.size(), 1u);
  EXPECT_EQ(telegram_.edits.size(), 1u);
}

TEST_F(IncidentEndTest, ARemovedRulesMessageSaysThatNobodyWatches) {
  const ServerId web = add_server("web");
  rig_->set_rule(web, "cpu", 50, 1min, 30min);
  run_at(web, 60, 2min);
  ASSERT_EQ(rig_->book.open().value().size(), 1u);
  RuleSpec off = cpu_rule(web);
  off.off = true;
  rig_->rules.set(off).value();
  run_at(web, 97, 10s);
  EXPECT_TRUE(rig_->book.open().value().empty());
  EXPECT_THAT(telegram_.shown[100],
              HasSubstr("⚪ <b>web</b>: CPU is no longer watched\nCPU was over 50 % from 14:00 for"));
  EXPECT_THAT(life_of(1), ElementsAre("pending", "firing", "no longer watched"));
}

TEST_F(IncidentEndTest, ARuleThatIsRemovedWhileTheHubIsDownLeavesNothingOpen) {
  const ServerId web = add_server("web");
  run_at(web, 97, 6min);
  ASSERT_EQ(rig_->book.open().value().size(), 1u);
  RuleSpec off = cpu_rule(web);
  off.off = true;
  rig_->rules.set(off).value();
  open();
  rig_->store->list_series(web);  // waits until the journal is replayed
  run_at(web, 97, 20s);
  EXPECT_TRUE(rig_->book.open().value().empty());
  EXPECT_THAT(telegram_.shown[100], HasSubstr("no longer watched"));
}

TEST_F(IncidentEndTest, AListThatHoldsARemovedServerGoesOnWithTheOthers) {
  auto a = fire(add_server("a"));
  fire(add_server("b"));
  run_for(10s);
  rig_->servers.remove(a.server).value();
  run_for(10s);
  EXPECT_THAT(telegram_.shown[100], HasSubstr("⚪ <b>a</b> CPU, server removed, 13:55 - 14:00 (5m 10s)"));
  EXPECT_THAT(telegram_.shown[100], HasSubstr("🔴 <b>b</b> CPU 97 %"));
}

TEST_F(IncidentEndTest, HistoryIsKeptForAYear) {
  auto over = fire(add_server("web"));
  run_for(2s);
  resolve(over);
  run_for(2s);
  clock_.advance(std::chrono::days(364));
  run_for(2s);
  EXPECT_EQ(life_of(over.id), (std::vector<std::string>{"pending", "firing", "resolved"}));
  clock_.advance(std::chrono::days(2));
  run_for(2s);
  EXPECT_TRUE(life_of(over.id).empty());
  EXPECT_FALSE(rig_->book.find(over.id));
}

TEST_F(IncidentEndTest, AGroupThatBecomesASupergroupIsFollowed) {
  rig_->people.add_chat(-5, 0, "ops", 0).value();
  set_quiet("01:00", "02:00", "UTC", -5);
  catalog::Settings(*rig_->database).set(daily_report_setting(-5), "08:00 en 0 - UTC").value();
  auto alive = fire(add_server("alive"));
  auto over = fire(add_server("over"));
  run_for(10s);
  resolve(over);
  run_for(40s);
  const size_t sent_before = telegram_.sent.size();
  telegram_.moved[-5] = -1005;  // what the Bot API answers to the next message there
  repeat(alive);
  run_for(10s);
  std::vector<OutgoingMessage> there;
  for (size_t i = sent_before; i < telegram_.sent.size(); ++i) {
    if (telegram_.sent[i].chat_id == -1005) there.push_back(telegram_.sent[i]);
  }
  ASSERT_EQ(there.size(), 2u) << "the repeat, and the living message anew";
  EXPECT_EQ(there[0].reply_to, std::nullopt) << "the old message can't be answered there";
  EXPECT_THAT(there[1].html, HasSubstr("<b>alive</b> CPU"));
  std::vector<int64_t> chats;
  for (const auto& chat : rig_->people.chats()) chats.push_back(chat.chat_id);
  EXPECT_THAT(chats, ElementsAre(42, -1005));
  EXPECT_TRUE(rig_->muting.quiet_hours_of(-1005).value().has_value());
  EXPECT_TRUE(catalog::Settings(*rig_->database).get(daily_report_setting(-1005)).value().has_value());
  resolve(alive);
  run_for(10s);
  EXPECT_EQ(telegram_.edits.back().chat_id, -1005);
  EXPECT_THAT(telegram_.edits.back().html, HasSubstr("all 2 are over"));
  EXPECT_EQ(rig_->outbox.undelivered(), 0u);
  rig_->outbox.move_chat(-5, -1005).value();  // the service message comes too
  run_for(10s);
  EXPECT_EQ(telegram_.sent.size(), sent_before + 3) << "the owner's reminder besides";
}

TEST_F(IncidentEndTest, APredictionSaysHowGoodSuchOnesWere) {
  catalog::Predictions rows(*rig_->database);
  const auto told = [&](const char* resource, const char* outcome) {
    rows.add({0, 1, ServerId(1), resource, "", "above", 95, clock_.now() - 24h, clock_.now(), clock_.now(), "open", {}})
        .value();
    for (const auto& open : rows.list_open().value()) rows.judge(open.id, outcome, std::nullopt).value();
  };
  auto incident = open_incident(add_server("db"), "warning", "disk");
  incident.kind = "prediction";
  incident.instance = "/var";
  incident.expected_at = clock_.now() + 5h;
  fire(incident);
  run_for(2s);
  EXPECT_THAT(telegram_.shown[100], Not(HasSubstr("came true")));
  for (int i = 0; i < 10; ++i) told("disk", "true");
  told("disk", "false"), told("disk", "false"), told("disk", "unknown"), told("cpu", "false");
  rig_->book.acknowledge_card(1, "Ann").value();
  run_for(2s);
  EXPECT_THAT(telegram_.shown[100],
              HasSubstr("\nOf such predictions in 90 days 10 of 12 came true\nAcknowledged by Ann"));
}

}  // namespace
}  // namespace mps::service
