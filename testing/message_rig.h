#pragma once

#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "metric/resource.h"
#include "service/alerts.h"
#include "service/incident_book.h"
#include "service/outbox.h"
#include "store/embedded/embedded_store.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

// For the tests of messages: from incidents to chats, with a clock that stands still and a Telegram that does as told.
namespace mps::service {

inline const Timestamp kThursday = parse_time("2026-11-26T14:00:00Z").value();

// Takes messages, refuses them as told, and remembers what the chats show.
class ScriptedTelegram final : public Notifier {
 public:
  explicit ScriptedTelegram(const Clock& clock) : clock_(clock) {}

  boost::system::result<Delivered, DeliveryFailure> deliver(const OutgoingMessage& message) override {
    if (clock_.now() < down_until) return next_failure();
    if (const auto to = moved.find(message.chat_id); to != moved.end())
      return DeliveryFailure{
          DeliveryFailure::Kind::kChatMoved, "group chat was upgraded to a supergroup chat", {}, to->second};
    if (blocked.contains(message.chat_id))
      return DeliveryFailure{DeliveryFailure::Kind::kChatGone, "bot was blocked by the user", {}};
    if (refuses_pictures && message.picture)
      return DeliveryFailure{DeliveryFailure::Kind::kRejected, "IMAGE_PROCESS_FAILED", {}};
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
  std::map<int64_t, int64_t> moved;  // groups that became supergroups
  bool refuses_pictures = false;
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
        return {Kind::kRetry, "Too Many Requests: retry after 7", std::chrono::seconds(7)};
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
        pictures(query, forecasts, clock),
        people(*database, clock),
        muting(*database),
        writer(*database, servers, pictures, clock, zone),
        announcements(*database, people, servers, muting, zone, has_webhook),
        book(*database, announcements, writer, muting, clock, zone),
        incident_log(*database, announcements),
        rules(*database),
        alerts(servers, rules, query, incident_log, clock),
        outbox(*database, people, writer, clock) {
    servers.before_removal([&](const Server& server) { return incident_log.end_all_of(server, clock.now()); });
    servers.load().value();
    rules.load().value();
    alerts.load().value();
  }
  static std::unique_ptr<store::EmbeddedStore> open_store(const std::filesystem::path& folder, Clock& clock) {
    store::EmbeddedOptions options;
    options.path = folder / "samples.db";
    return store::open_embedded_store(options, clock).value();
  }

  void set_rule(ServerId server, const char* resource, double threshold, Duration hold, Duration repeat) {
    RuleSpec spec;
    spec.scope.server = server;
    spec.resource = find_resource(resource);
    spec.rule.threshold = spec.rule.clear = threshold;
    spec.rule.hold = hold, spec.rule.repeat = repeat;
    rules.set(spec).value();
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
  IncidentLog incident_log;
  RuleBook rules;
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
    incident.breached_at = clock_.now() - std::chrono::minutes(5);
    incident.fired_at = incident.notified_at = clock_.now();
    incident.severity = severity;
    return incident;
  }
  IncidentEvent event_of(const catalog::Incident& incident, alert::Transition transition, double value) {
    return {transition,
            *rig_->servers.find(incident.server),
            find_resource(incident.resource),
            {90, 90, std::chrono::minutes(5), std::chrono::minutes(30)},
            incident,
            value};
  }
  catalog::Incident fire(catalog::Incident incident) {
    const auto audience = rig_->announcements.audience();
    IncidentEvent event = event_of(incident, alert::Transition::kFired, incident.value);
    rig_->database
        ->transaction([&]() -> Result<void> {
          MPS_TRY(incident.id, catalog::Incidents(*rig_->database).open(incident));
          event.incident = incident;
          MPS_TRY_VOID(rig_->announcements.announce(event, audience, clock_.now()));
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
    announce(incident, alert::Transition::kRepeated, 98);
  }
  void resolve(catalog::Incident& incident) {
    incident.notified_at = clock_.now();
    incident.resolved_at = clock_.now();
    announce(incident, alert::Transition::kResolved, 20);
  }
  void announce(const catalog::Incident& incident, alert::Transition transition, double value) {
    rig_->announcements.announce(event_of(incident, transition, value), rig_->announcements.audience(), clock_.now())
        .value();
  }
  // Second by second, as the hub's loops do.
  void run_for(Duration duration, Duration step = std::chrono::seconds(1)) {
    for (Duration t{}; t < duration; t += step) {
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

}  // namespace mps::service
