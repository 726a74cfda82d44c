// From incidents to messages, with a clock that stands still and a Telegram that does as told.

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <set>

#include "base/text.h"
#include "catalog/settings.h"
#include "metric/resource.h"
#include "service/alerts.h"
#include "service/incident_book.h"
#include "service/outbox.h"
#include "store/embedded/embedded_store.h"
#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

namespace mps::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;
using Transition = alert::Transition;

const Timestamp kThursday = parse_time("2026-11-26T14:00:00Z").value();

// Takes messages, refuses them as told, and remembers what the chats show.
class ScriptedTelegram final : public Notifier {
 public:
  explicit ScriptedTelegram(const Clock& clock) : clock_(clock) {}

  boost::system::result<Delivered, DeliveryFailure> deliver(const OutgoingMessage& message) override {
    if (clock_.now() < down_until) return next_failure();
    if (blocked.contains(message.chat_id))
      return DeliveryFailure{DeliveryFailure::Kind::kChatGone, "bot was blocked by the user", {}};
    const size_t limit = message.picture || message.edits_picture ? kCaptionUnitsMax : kTextUnitsMax;
    EXPECT_LE(visible_units(message.html), limit);
    EXPECT_TRUE(message.document || !message.html.empty());
    for (const auto& row : message.buttons) {
      for (const auto& button : row) EXPECT_LE(button.action.size(), 55u);
    }
    if (message.edits) {
      edits.push_back(message);
      shown[*message.edits] = message.html;
    } else {
      sent.push_back(message);
      shown[next_id] = message.html;
    }
    if (on_accept) on_accept();
    return Delivered{message.edits ? *message.edits : next_id++};
  }

  Timestamp down_until{};
  std::set<int64_t> blocked;
  std::vector<OutgoingMessage> sent, edits;
  std::map<int64_t, std::string> shown;  // by message id, as it stands
  std::function<void()> on_accept;       // between the receiver's yes and our note of it
  int64_t next_id = 100;

 private:
  // The three ways in which Telegram fails.
  DeliveryFailure next_failure() {
    using Kind = DeliveryFailure::Kind;
    switch (failures_++ % 3) {
      case 0:
        return {Kind::kRetry, "Internal Server Error", {}};
      case 1:
        return {Kind::kRetry, "Too Many Requests: retry after 7", 7s};
      default:
        return {Kind::kRetry, "the connection was closed", {}};
    }
  }
  const Clock& clock_;
  int failures_ = 0;
};

// All of the hub that has to do with messages, put together by hand: its parts can be reached one by one.
struct Rig {
  Rig(const std::filesystem::path& folder, Clock& clock, const TimeZone& zone, bool has_webhook)
      : database(catalog::Database::open("sqlite3://" + (folder / "catalog.db").string()).value()),
        store(open_store(folder, clock)),
        servers(*database, *store, clock, {}),
        query(*store, clock),
        forecasts(query, clock, {folder}),
        pictures(query, forecasts, clock, zone),
        people(*database, clock),
        muting(*database),
        writer(*database, servers, pictures, clock, zone),
        announcements(*database, people, servers, muting, zone, has_webhook),
        book(*database, announcements, writer, muting, clock, zone),
        alerts(*database, servers, query, announcements, clock),
        outbox(*database, people, writer, clock) {
    servers.load().value();
    alerts.load().value();
  }
  static std::unique_ptr<store::EmbeddedStore> open_store(const std::filesystem::path& folder, Clock& clock) {
    store::EmbeddedOptions options;
    options.path = folder / "samples.db";
    return store::open_embedded_store(options, clock).value();
  }

  std::unique_ptr<catalog::Database> database;
  std::unique_ptr<store::EmbeddedStore> store;
  Servers servers;
  Query query;
  Forecasts forecasts;
  Pictures pictures;
  People people;
  Muting muting;
  CardWriter writer;
  Announcements announcements;
  IncidentBook book;
  Alerts alerts;
  Outbox outbox;
};

class MessagesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    open();
    pair(42);
  }
  void open() {
    rig_.reset();
    rig_ = std::make_unique<Rig>(folder_.path(), clock_, zone_, has_webhook_);
  }
  void pair(int64_t chat) {
    const std::string code = rig_->people.pairing_code().value();
    ASSERT_EQ(rig_->people.pair(chat, chat, "Ann", code).value(), PairOutcome::kBecameOwner);
  }
  ServerId add_server(const std::string& name) { return rig_->servers.add(name)->server.id; }

  catalog::Incident open_incident(ServerId server, const std::string& severity = "warning",
                                  const std::string& resource = "cpu") {
    catalog::Incident incident;
    incident.server = server;
    incident.resource = resource;
    incident.threshold = 90;
    incident.peak = 97;
    incident.value = 97;
    incident.breached_at = clock_.now() - 5min;
    incident.fired_at = incident.notified_at = clock_.now();
    incident.severity = severity;
    return incident;
  }
  IncidentEvent event_of(const catalog::Incident& incident, Transition transition, double value) {
    return {transition,
            *rig_->servers.find(incident.server),
            find_resource(incident.resource),
            {90, 90, 5min, 30min},
            incident,
            value};
  }
  catalog::Incident fire(catalog::Incident incident) {
    const auto audience = rig_->announcements.audience();
    rig_->database
        ->transaction([&]() -> Result<void> {
          MPS_TRY(incident.id, catalog::Incidents(*rig_->database).open(incident));
          MPS_TRY_VOID(rig_->announcements.announce(event_of(incident, Transition::kFired, incident.value), audience,
                                                    clock_.now()));
          return {};
        })
        .value();
    return incident;
  }
  catalog::Incident fire(ServerId server, const std::string& severity = "warning") {
    return fire(open_incident(server, severity));
  }
  void repeat(catalog::Incident& incident) {
    incident.notified_at = clock_.now();
    announce(incident, Transition::kRepeated, 98);
  }
  void resolve(catalog::Incident& incident) {
    incident.notified_at = clock_.now();
    incident.resolved_at = clock_.now();
    announce(incident, Transition::kResolved, 20);
  }
  void announce(const catalog::Incident& incident, Transition transition, double value) {
    rig_->announcements.announce(event_of(incident, transition, value), rig_->announcements.audience(), clock_.now())
        .value();
  }
  // Second by second, as the hub's loops do.
  void run_for(Duration duration, Duration step = 1s) {
    for (Duration t = 0s; t < duration; t += step) {
      clock_.advance(step);
      rig_->announcements.tick(clock_.now()).value();
      rig_->outbox.deliver(telegram_).value();
    }
  }
  void set_quiet(const std::string& from, const std::string& to, const std::string& zone, int64_t chat = 42) {
    rig_->muting.set_quiet({chat, zone, parse_clock(from).value(), parse_clock(to).value()}).value();
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_{kThursday};
  TimeZone zone_;
  bool has_webhook_ = false;
  std::unique_ptr<Rig> rig_;
  ScriptedTelegram telegram_{clock_};
};

// ---- one living message ----

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
  rig_->alerts.set_rule(web, *find_resource("cpu"), {90, 90, 5min, 30min}).value();
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

// ---- grouping ----

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

TEST_F(MessagesTest, AStormOfAThousandIsThreeMessagesAtMostAndOneGrowingSummary) {
  std::vector<ServerId> servers;
  rig_->database
      ->transaction([&]() -> Result<void> {
        for (int i = 0; i < 1000; ++i) servers.push_back(add_server(fmt::format("host-{:04}", i)));
        return {};
      })
      .value();
  size_t next = 0;
  const auto storm = [&](size_t count) {
    rig_->database
        ->transaction([&]() -> Result<void> {
          for (size_t i = 0; i < count; ++i) fire(servers[next++]);
          return {};
        })
        .value();
  };
  storm(1);
  run_for(1s);
  for (int second = 0; second < 9; ++second) {
    storm(100);
    run_for(1s);
  }
  run_for(40s);
  storm(99);  // long after the half minute: the summary grows
  run_for(9s);
  EXPECT_EQ(telegram_.sent.size(), 2u) << "in the first minute: the alert, and the list as a file";
  EXPECT_LE(telegram_.edits.size(), 12u);
  run_for(1min);
  EXPECT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.shown[100], HasSubstr("<b>1000 of 1000 servers: CPU</b>"));
  EXPECT_THAT(telegram_.shown[100], ::testing::ContainsRegex("since 13:5.\n… and 9[0-9]+ more$"))
      << "cut between alerts, never inside one";
  ASSERT_TRUE(telegram_.sent[1].document.has_value());
  EXPECT_EQ(telegram_.sent[1].reply_to, 100);
  const std::string& list = telegram_.sent[1].document->content;
  EXPECT_EQ(std::count(list.begin(), list.end(), '\n'), 1 + 901) << "all that fired until then";
  EXPECT_THAT(list, HasSubstr("host-0900 CPU 97 % (over 90 %)"));
  EXPECT_THAT(list, Not(HasSubstr("<b>")));
}

// ---- silences and quiet hours ----

TEST_F(MessagesTest, ASilenceHoldsBackWhatItCoversAndTellsWhatStillFiresWhenItEnds) {
  const ServerId web = add_server("web"), db = add_server("db");
  rig_->muting.tag(web, "front").value();
  Silence silence;
  silence.tag = "front";
  silence.resource = "cpu";
  silence.begins_at = clock_.now();
  silence.ends_at = clock_.now() + 1h;
  rig_->muting.add(silence, clock_.now()).value();
  auto heals = fire(web);
  auto lasts = fire(open_incident(web));
  const auto other_resource = fire(open_incident(web, "warning", "ram"));
  run_for(31s);
  fire(db);
  run_for(2s);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[0].html, HasSubstr("<b>web</b>: RAM is over 90 %"));
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("<b>db</b>: CPU is over 90 %"));
  resolve(heals);
  repeat(lasts);
  open();
  run_for(1h, 10s);
  ASSERT_EQ(telegram_.sent.size(), 3u);
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("<b>web</b>: CPU is over 90 %"));
  EXPECT_TRUE(telegram_.edits.empty());
  silence.ends_at = clock_.now();
  EXPECT_EQ(rig_->muting.add(silence, clock_.now()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(rig_->muting.end(1, clock_.now()).error().code, ErrorCode::kNotFound);
}

TEST_F(MessagesTest, QuietHoursAcrossMidnightLetCriticalOnesThroughAndEndInOneDigest) {
  set_quiet("22:00", "07:00", "Europe/Berlin");  // 21:00 to 06:00 UTC
  std::vector<ServerId> servers;
  for (int i = 0; i < 5; ++i) servers.push_back(add_server(fmt::format("s{}", i)));
  auto before = fire(servers[0]);
  run_for(2s);
  clock_.set(parse_time("2026-11-26T21:30:00Z").value());
  repeat(before);
  auto heals = fire(servers[1]);
  auto lasts = fire(servers[2]);
  run_for(5s);
  EXPECT_EQ(telegram_.sent.size(), 1u);
  clock_.set(parse_time("2026-11-27T01:00:00Z").value());
  auto critical = fire(servers[3], "critical");
  resolve(heals);
  run_for(5s);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("<b>s3</b>: CPU is over 90 % (critical)"));
  open();
  clock_.set(parse_time("2026-11-27T05:59:50Z").value());
  run_for(5s);
  EXPECT_EQ(telegram_.sent.size(), 2u);
  run_for(10s);
  ASSERT_EQ(telegram_.sent.size(), 3u) << "one digest";
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("<b>Quiet hours are over</b>: 2 fired, 1 healed, 1 still fires"));
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("🔴 <b>s2</b> CPU 97 % (over 90 %), since"));
  EXPECT_THAT(telegram_.sent[2].html, HasSubstr("🟢 <b>s1</b> CPU, "));
  EXPECT_EQ(telegram_.sent[2].buttons[0][0].text, "Acknowledge");
  resolve(lasts);
  run_for(10s);
  EXPECT_THAT(telegram_.edits.back().html, HasSubstr("2 fired, 2 healed, 0 still fire")) << "the digest lives on";
  EXPECT_EQ(telegram_.sent.size(), 3u);
}

TEST_F(MessagesTest, BeforeQuietHoursOneWarningNamesWhatIsForeseenToBreakInside) {
  set_quiet("22:00", "07:00", "UTC");
  auto foreseen = open_incident(add_server("db"), "warning", "disk");
  foreseen.kind = "prediction";
  foreseen.instance = "/";
  foreseen.threshold = 100;
  foreseen.value = 83;
  foreseen.expected_at = parse_time("2026-11-27T03:40:00Z").value();
  foreseen.expected_from = parse_time("2026-11-27T01:10:00Z").value();
  foreseen.expected_to = parse_time("2026-11-27T07:30:00Z").value();
  fire(foreseen);
  run_for(5s);
  ASSERT_EQ(telegram_.sent.size(), 1u);
  EXPECT_THAT(telegram_.sent[0].html,
              HasSubstr("<b>db</b>: Disk / full at 03:40 Fri (80 %: 01:10 - 07:30)\nnow <b>83 %"));
  clock_.set(parse_time("2026-11-26T21:44:50Z").value());
  run_for(30min);
  ASSERT_EQ(telegram_.sent.size(), 2u);
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("Quiet hours begin at 22:00.</b> Foreseen to break before 07:00 Fri:"));
  EXPECT_THAT(telegram_.sent[1].html, HasSubstr("<b>db</b> Disk / full at 03:40 Fri"));
}

TEST(QuietHours, FollowTheClocksOfTheirZone) {
  const auto at = [](const char* text) { return parse_time(text).value(); };
  const catalog::QuietHours night{42, "Europe/Berlin", 22h, 7h, {}};
  EXPECT_EQ(quiet_until(night, at("2026-03-28T20:59:59Z")), std::nullopt);
  EXPECT_EQ(quiet_until(night, at("2026-03-28T21:00:00Z")), at("2026-03-29T05:00:00Z")) << "summer time: 8 hours long";
  EXPECT_EQ(quiet_until(night, at("2026-03-29T05:00:00Z")), std::nullopt);
  EXPECT_EQ(quiet_until(night, at("2026-10-24T20:00:00Z")), at("2026-10-25T06:00:00Z")) << "winter time: 10 hours long";
  EXPECT_EQ(quiet_until(night, at("2026-10-25T05:59:59Z")), at("2026-10-25T06:00:00Z"));
  // 02:30 does not come on 29 March: the change at 03:00 ends them. On 25 October it comes twice: the first ends them.
  const catalog::QuietHours half{42, "Europe/Berlin", 1h, 2h + 30min, {}};
  EXPECT_EQ(quiet_until(half, at("2026-03-29T00:30:00Z")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(quiet_until(half, at("2026-10-25T00:10:00Z")), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(quiet_until(half, at("2026-10-25T00:45:00Z")), std::nullopt);
  const catalog::QuietHours noon{42, "UTC", 12h, 13h, {}};
  EXPECT_EQ(quiet_until(noon, at("2026-11-26T12:59:59Z")), at("2026-11-26T13:00:00Z"));
  EXPECT_EQ(next_quiet(night, at("2026-10-24T12:00:00Z")),
            (TimeRange{at("2026-10-24T20:00:00Z"), at("2026-10-25T06:00:00Z")}));
}

TEST_F(MessagesTest, QuietHoursNeedAZoneThatExistsAndTwoTimes) {
  EXPECT_EQ(rig_->muting.set_quiet({42, "Mars/Olympus", 22h, 7h, {}}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(rig_->muting.set_quiet({42, "UTC", 22h, 22h, {}}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(rig_->muting.remove_quiet(42).error().code, ErrorCode::kNotFound);
}

TEST_F(MessagesTest, MaintenanceWindowsAreKnownByServer) {
  const ServerId web = add_server("web"), db = add_server("db");
  Silence window;
  window.maintenance = true;
  window.server = web;
  window.begins_at = clock_.now() + 1h;
  window.ends_at = clock_.now() + 3h;
  rig_->muting.add(window, clock_.now()).value();
  const TimeRange day{clock_.now(), clock_.now() + 2h};
  EXPECT_EQ(rig_->muting.maintenance(web, day).value(),
            (std::vector<TimeRange>{{window.begins_at, clock_.now() + 2h}}));
  EXPECT_TRUE(rig_->muting.maintenance(db, day).value().empty());
  clock_.advance(90min);
  fire(web);
  run_for(2s);
  EXPECT_TRUE(telegram_.sent.empty()) << "it silences too";
}

// ---- escalation, outages, chats that are gone ----

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

// ---- other kinds, and the webhook ----

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
