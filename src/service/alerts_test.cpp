#include "service/alerts.h"

#include <future>
#include <gtest/gtest.h>
#include <map>

#include "service/hub.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

// A hub with a paired owner, and servers that send what a test says. Rounds every 10 s.
class AlertsTest : public ::testing::Test {
 protected:
  AlertsTest() {
    open();
    const std::string code = hub_->people().pairing_code().value();
    hub_->people().pair(42, 42, "Ann", code).value();
  }
  void open() {
    hub_.reset();
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_).value();
    hub_->store().list_series(ServerId(1));  // waits until the journal is replayed: rounds before that see nothing
  }
  std::string add(const std::string& name, const std::vector<std::string>& tags = {}) {
    return tokens_[name] = hub_->servers().add(name, tags).value().token;
  }
  ServerId id(const std::string& name) const { return hub_->servers().find(name).value().id; }

  // "cpu" and the like, as an agent would send them.
  static std::string line(const std::string& resource, double value, Timestamp time) {
    const std::string stamp = " " + std::to_string(time.time_since_epoch().count()) + "\n";
    const std::string number = std::to_string(value);
    if (resource == "cpu") return "cpu,cpu=cpu-total usage_idle=" + std::to_string(100 - value) + stamp;
    if (resource == "ram") return "mem used_percent=" + number + stamp;
    if (resource == "load") return "system load1=" + number + ",n_cpus=4i" + stamp;
    return "disk,path=" + resource + " used_percent=" + number + stamp;
  }
  void send(const std::string& server, const std::string& body) {
    std::promise<void> done;
    hub_->ingest().write(hub_->servers().authenticate(tokens_[server]).value(),
                         wire::parse_line_protocol(body, wire::Precision::kNanoseconds),
                         [&](Result<IngestReport> report) {
                           EXPECT_TRUE(report);
                           done.set_value();
                         });
    done.get_future().get();
  }
  using Values = std::map<std::string, double>;
  // A round every 10 s; before each, `server` sends the values ("" sends nothing).
  void run(const std::string& server, const Values& values, Duration how_long) {
    for (Duration t = 0s; t < how_long; t += 10s) {
      clock_.advance(10s);
      std::string body;
      for (const auto& [resource, value] : values) body += line(resource, value, clock_.now());
      if (!body.empty()) send(server, body);
      hub_->alerts().evaluate().value();
    }
  }
  // The messages to the owner, oldest first, without HTML; what was there before is left out.
  std::vector<std::string> heard() {
    std::vector<std::string> texts;
    struct Taker final : Notifier {
      explicit Taker(std::vector<std::string>& out) : taken(out) {}
      boost::system::result<Delivered, DeliveryFailure> deliver(const OutgoingMessage& message) override {
        taken.push_back(message.html);
        return Delivered{++id};
      }
      std::vector<std::string>& taken;
      int64_t id = 0;
    } taker(texts);
    while (hub_->outbox().deliver(taker).value() > 0) {
    }
    return texts;
  }
  // The open incidents: "cpu threshold warning".
  std::vector<std::string> open_incidents() const {
    std::vector<std::string> texts;
    for (const auto& incident : hub_->alerts().open_incidents()) {
      texts.push_back(incident.resource + (incident.resource.empty() ? "" : " ") +
                      (incident.instance.empty() ? "" : incident.instance + " ") + incident.kind + " " +
                      incident.severity);
    }
    return texts;
  }
  void set_rule(RuleScope scope, const char* resource, alert::Rule rule, bool per_core = false) {
    hub_->rules().set({std::move(scope), find_resource(resource), "", rule, per_core, false}).value();
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  std::unique_ptr<Hub> hub_;
  std::map<std::string, std::string> tokens_;
};

using Incidents = std::vector<std::string>;

TEST_F(AlertsTest, OfTwoSeveritiesTheCriticalOneSpeaks) {
  add("a");
  run("a", {{"/", 90}}, 6min);
  EXPECT_EQ(open_incidents(), Incidents{"disk / threshold warning"});
  EXPECT_EQ(heard().size(), 1u);
  run("a", {{"/", 97}}, 3h);
  EXPECT_EQ(open_incidents(), (Incidents{"disk / threshold warning", "disk / threshold critical"}));
  const auto texts = heard();
  EXPECT_EQ(texts.size(), 3u) << "one that fires and its repeats; the warning is silent meanwhile";
  run("a", {{"/", 20}}, 1min);
  EXPECT_EQ(open_incidents(), Incidents{});
  EXPECT_EQ(heard().size(), 2u);
  run("a", {{"/", 99}}, 10min);
  EXPECT_EQ(open_incidents(), Incidents{"disk / threshold critical"}) << "no warning besides";
  run("a", {{"/", 90}}, 1min);
  EXPECT_EQ(open_incidents(), Incidents{"disk / threshold warning"}) << "it is still over the lower threshold";
}

TEST_F(AlertsTest, EachMountPointHasItsIncidentAndMayHaveItsRule) {
  add("a");
  RuleSpec data{{}, find_resource("disk"), "/data", {50, 50, 1min, 60min}};
  hub_->rules().set(data).value();
  run("a", {{"/", 60}, {"/data", 60}, {"/var", 90}}, 6min);
  EXPECT_EQ(open_incidents(), (Incidents{"disk /data threshold warning", "disk /var threshold warning"}));
}

TEST_F(AlertsTest, ARuleMayAskForAValueBelow) {
  add("a");
  alert::Rule rule{5, 10, 1min, 60min};
  rule.direction = alert::Direction::kBelow;
  set_rule({}, "cpu", rule);
  run("a", {{"cpu", 3}}, 2min);
  ASSERT_EQ(open_incidents(), Incidents{"cpu threshold warning"});
  EXPECT_NE(heard().at(0).find("under"), std::string::npos);
  run("a", {{"cpu", 8}}, 2min);
  EXPECT_EQ(open_incidents().size(), 1u);
  run("a", {{"cpu", 11}}, 10s);
  EXPECT_EQ(open_incidents(), Incidents{});
}

TEST_F(AlertsTest, LoadIsJudgedByTheServersCores) {
  add("a");
  run("a", {{"load", 7.9}}, 15min);
  EXPECT_EQ(open_incidents(), Incidents{}) << "four cores, so 8";
  run("a", {{"load", 8.1}}, 11min);
  EXPECT_EQ(open_incidents(), Incidents{"load threshold warning"});
  EXPECT_EQ(hub_->alerts().open_incidents().at(0).threshold, 8);
}

TEST_F(AlertsTest, RulesFollowTheTagsOfAServer) {
  add("a", {"batch"});
  set_rule({{}, "batch"}, "cpu", {99, 99, 1min, 60min});
  run("a", {{"cpu", 97}}, 10min);
  EXPECT_EQ(open_incidents(), Incidents{});
  hub_->servers().untag(id("a"), {"batch"}).value();
  run("a", {{"cpu", 97}}, 6min);
  EXPECT_EQ(open_incidents(), Incidents{"cpu threshold warning"});
  hub_->servers().tag(id("a"), {"batch"}).value();
  run("a", {{"cpu", 97}}, 10s);
  EXPECT_EQ(open_incidents(), Incidents{}) << "97 is fine now";
}

TEST_F(AlertsTest, ARuleThatIsPutAsideEndsItsIncidentWithoutANewMessage) {
  add("a");
  run("a", {{"cpu", 97}}, 6min);
  EXPECT_EQ(heard().size(), 1u);
  RuleSpec off{{}, find_resource("cpu"), "", {}};
  off.off = true;
  hub_->rules().set(off).value();
  run("a", {{"cpu", 97}}, 10min);
  EXPECT_EQ(open_incidents(), Incidents{});
  const auto texts = heard();
  ASSERT_EQ(texts.size(), 1u) << "the edit of the one there is";
  EXPECT_NE(texts[0].find("CPU is no longer watched"), std::string::npos) << texts[0];
}

TEST_F(AlertsTest, ANewRuleIsFollowedAtOnceByRoundsOfASecond) {
  add("a");
  run("a", {{"cpu", 50}}, 1min);
  const uint64_t rounds = hub_->alerts().rounds();
  clock_.advance(1s);
  hub_->alerts().evaluate_if_due().value();
  EXPECT_EQ(hub_->alerts().rounds(), rounds) << "every 10 s is enough";
  set_rule({id("a"), ""}, "cpu", {40, 40, 1s, 60min});
  hub_->alerts().evaluate_if_due().value();
  EXPECT_EQ(hub_->alerts().rounds(), rounds + 1);
  EXPECT_EQ(open_incidents(), Incidents{"cpu threshold warning"}) << "what was there before the rule counts";
  clock_.advance(1s);
  hub_->alerts().evaluate_if_due().value();
  EXPECT_EQ(hub_->alerts().rounds(), rounds + 2) << "a rule of a second wants rounds of a second";
}

TEST_F(AlertsTest, ARestartInTheMiddleOfTheHoldTimeDoesNotBeginItAnew) {
  add("a");
  run("a", {{"cpu", 97}}, 3min);
  open();
  run("a", {{"cpu", 97}}, 2min);
  EXPECT_EQ(open_incidents(), Incidents{});
  run("a", {{"cpu", 97}}, 20s);
  EXPECT_EQ(open_incidents(), Incidents{"cpu threshold warning"});
}

TEST_F(AlertsTest, ALateSampleThatInterruptsTheBreachIsSeen) {
  add("a");
  run("a", {{"cpu", 97}}, 4min);
  send("a", line("cpu", 20, clock_.now() - 2min - 5s));
  run("a", {{"cpu", 97}}, 2min);
  EXPECT_EQ(open_incidents(), Incidents{}) << "over for four minutes only";
  run("a", {{"cpu", 97}}, 2min);
  EXPECT_EQ(open_incidents(), Incidents{"cpu threshold warning"});
}

TEST_F(AlertsTest, WhatAnAgentHadKeptWhileTheHubWasAwayIsNoAlarmWhenItIsOver) {
  add("a");
  run("a", {{"cpu", 20}}, 10min);
  hub_.reset();
  const Timestamp away = clock_.now();
  clock_.advance(2h);
  open();
  for (Timestamp t = away + 10s; t < clock_.now(); t += 10s) {
    const bool busy = t > away + 30min && t < away + 60min;
    send("a", line("cpu", busy ? 98 : 20, t));
    if (t.time_since_epoch() % 10min == 0s) hub_->alerts().evaluate().value();
  }
  run("a", {{"cpu", 20}}, 10min);
  EXPECT_EQ(open_incidents(), Incidents{});
  EXPECT_TRUE(heard().empty());
}

TEST_F(AlertsTest, ASilentServerIsOneIncidentAndItsRulesAreMuted) {
  add("a");
  run("a", {{"cpu", 97}, {"ram", 50}}, 10min);
  EXPECT_EQ(heard().size(), 1u);
  const Timestamp last = clock_.now();
  run("a", {}, 2min + 50s);
  EXPECT_TRUE(heard().empty());
  run("a", {}, 20s);
  EXPECT_EQ(open_incidents(), (Incidents{"cpu threshold warning", "no_data critical"}));
  EXPECT_EQ(hub_->alerts().open_incidents().at(1).breached_at, last);
  EXPECT_TRUE(hub_->alerts().is_silent(id("a")));
  ASSERT_EQ(heard().size(), 1u);
  run("a", {}, 50min);
  EXPECT_TRUE(heard().empty()) << "the cpu rule does not repeat while nothing arrives";
}

TEST_F(AlertsTest, AServerThatIsBackGetsOneSummaryOfWhatIsOver) {
  add("a");
  run("a", {{"cpu", 97}, {"ram", 50}}, 10min);
  const Timestamp silent = clock_.now();
  run("a", {}, 40min);
  EXPECT_EQ(heard().size(), 2u);
  // It sends what it had kept: the processor came to rest after a minute, the memory was full for ten.
  std::string kept;
  for (Timestamp t = silent + 10s; t <= clock_.now(); t += 10s) {
    kept += line("cpu", t < silent + 1min ? 97 : 20, t);
    kept += line("ram", t > silent + 10min && t < silent + 20min ? 95 : 50, t);
    if (kept.size() < 20'000) continue;
    send("a", kept);
    kept.clear();
    clock_.advance(1s);
    hub_->alerts().evaluate().value();
  }
  send("a", kept);
  run("a", {{"cpu", 20}, {"ram", 50}}, 1min);
  EXPECT_EQ(open_incidents(), Incidents{});
  const auto texts = heard();
  ASSERT_EQ(texts.size(), 3u) << "the messages of both are edited, and one reply sums up";
  EXPECT_NE(texts[0].find("CPU is back to 20 %"), std::string::npos) << texts[0];
  EXPECT_NE(texts[1].find("sends again"), std::string::npos) << texts[1];
  EXPECT_NE(texts[2].find("CPU was over 90 %"), std::string::npos) << texts[2];
  EXPECT_NE(texts[2].find("RAM was over 90 %"), std::string::npos) << texts[2];
  hub_.reset();
  const auto catalog =
      catalog::Database::open("sqlite3://" + (folder_.path() / "data" / "catalog.db").string()).value();
  std::string life;
  for (const auto& event : catalog::Incidents(*catalog).events(2).value()) life += event.what + "; ";
  EXPECT_EQ(life.substr(0, 17), "pending; firing; ") << life;
  EXPECT_NE(life.find("meanwhile CPU above 90 % for 10m 50s"), std::string::npos) << life;
  EXPECT_NE(life.find("meanwhile RAM above 90 % for 9m 50s"), std::string::npos) << life;
}

TEST_F(AlertsTest, WhatLastsWhenTheServerIsBackFiresThen) {
  add("a");
  run("a", {{"cpu", 20}}, 10min);
  const Timestamp silent = clock_.now();
  run("a", {}, 20min);
  EXPECT_EQ(heard().size(), 1u);
  std::string kept;
  for (Timestamp t = silent + 10s; t <= clock_.now(); t += 10s) kept += line("cpu", 98, t);
  send("a", kept);
  run("a", {{"cpu", 98}}, 1min);
  EXPECT_EQ(open_incidents(), Incidents{"cpu threshold warning"});
  EXPECT_EQ(heard().size(), 2u);
}

TEST_F(AlertsTest, TheHubsOwnAbsenceIsNotTheServersSilence) {
  add("a");
  add("b");
  run("a", {{"cpu", 20}}, 10min);
  hub_.reset();
  clock_.advance(3h);
  open();
  run("a", {}, 2min + 50s);
  EXPECT_EQ(open_incidents(), Incidents{}) << "agents need time to come back";
  run("a", {}, 20s);
  EXPECT_EQ(open_incidents(), Incidents{"no_data critical"}) << "b has never sent anything";
  open();
  run("a", {}, 1h);
  EXPECT_EQ(open_incidents(), Incidents{"no_data critical"}) << "the same incident after a restart";
  run("a", {{"cpu", 20}}, 10s);
  EXPECT_EQ(open_incidents(), Incidents{});
}

TEST_F(AlertsTest, AClockThatJumpsAheadSilencesNobody) {
  add("a");
  run("a", {{"cpu", 20}}, 10min);
  clock_.advance(5h);
  run("a", {}, 10s);
  run("a", {{"cpu", 20}}, 10min);
  EXPECT_TRUE(heard().empty());
}

TEST_F(AlertsTest, AServerWhoseClockIsLateIsWatchedAllTheSame) {
  add("a");
  for (Duration t = 0s; t < 30min; t += 10s) {
    clock_.advance(10s);
    send("a", line("cpu", t < 15min ? 20 : 97, clock_.now() - 2h));
    hub_->alerts().evaluate().value();
  }
  EXPECT_EQ(open_incidents(), Incidents{"cpu threshold warning"});
}

TEST_F(AlertsTest, AServerThatSendsEveryTenMinutesIsSilentAfterTwenty) {
  add("a");
  const auto every_ten_minutes = [&](int times) {
    for (int i = 0; i < times; ++i) {
      run("a", {{"cpu", 20}}, 10s);
      run("a", {}, 10min - 10s);
    }
  };
  every_ten_minutes(8);
  heard();  // until its pauses were known
  every_ten_minutes(12);
  EXPECT_TRUE(heard().empty());
  run("a", {}, 11min);
  EXPECT_EQ(open_incidents(), Incidents{"no_data critical"});
}

TEST_F(AlertsTest, AnIncidentThatComesAndGoesIsHeldOpen) {
  add("a");
  for (int i = 0; i < 4; ++i) {
    run("a", {{"cpu", 97}}, 6min);
    run("a", {{"cpu", 20}}, 2min);
  }
  EXPECT_EQ(open_incidents(), Incidents{"cpu threshold warning"});
  EXPECT_EQ(heard().size(), 2u) << "a message each for two beginnings; the rest are edits";
  run("a", {{"cpu", 20}}, 31min);
  EXPECT_EQ(open_incidents(), Incidents{});
}

TEST_F(AlertsTest, AnUnmountedDiskLeavesNoIncidentBehind) {
  add("a");
  run("a", {{"/mnt", 97}, {"cpu", 5}}, 10min);
  EXPECT_EQ(open_incidents(), Incidents{"disk /mnt threshold critical"});
  run("a", {{"cpu", 5}}, 16min);
  EXPECT_EQ(open_incidents(), Incidents{});
}

TEST_F(AlertsTest, TrafficIsJudgedAsTheSumOfItsInterfaces) {
  add("a");
  set_rule({}, "net_rx", {120, 120, 1min, 60min});
  for (int i = 0; i < 12; ++i) {
    clock_.advance(10s);
    const std::string stamp = " " + std::to_string(clock_.now().time_since_epoch().count()) + "\n";
    send("a", "net,interface=eth0 bytes_recv=" + std::to_string(1000 * i) + "i" + stamp +
                  "net,interface=eth1 bytes_recv=" + std::to_string(500 * i) + "i" + stamp);
    hub_->alerts().evaluate().value();
  }
  EXPECT_EQ(open_incidents(), Incidents{"net_rx threshold warning"}) << "100 and 50 bytes a second";
}

}  // namespace
}  // namespace mps::service
