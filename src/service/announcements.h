#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alert/episodes.h"
#include "alert/prediction.h"
#include "base/time_zone.h"
#include "catalog/cards.h"
#include "catalog/chats.h"
#include "catalog/incidents.h"
#include "catalog/outbox.h"
#include "catalog/settings.h"
#include "metric/resource.h"
#include "service/alert_text.h"
#include "service/chat_settings.h"
#include "service/muting.h"
#include "service/people.h"
#include "service/servers.h"

namespace mps::service {

// What a rule would have said while its server was silent, and is over: people hear of it once, afterwards.
struct Meanwhile {
  const Resource* resource = nullptr;
  std::string instance;
  alert::Rule rule;
  alert::Episode episode;  // ended
};

// What happened to an incident, with all that people are to hear of it.
struct IncidentEvent {
  alert::Transition transition = alert::Transition::kFired;
  Server server;
  const Resource* resource = nullptr;  // null where the server is silent (alert::Kind::kNoData)
  alert::Rule rule;
  catalog::Incident incident;  // as it was written; breached_at is since when
  double value = 0;            // the newest reading, in the resource's unit
  bool flapping = false;       // it came and went so often that it is held open now; said again in each repeat
  std::vector<Meanwhile> meanwhile = {};         // of a silence that is over
  std::optional<alert::Crossing> crossing = {};  // of a prediction
};

// From incidents to messages: decides who hears what, and when, and puts it into the outbox. It knows nothing of
// readings; `Alerts` knows nothing of chats. Thread-safe.
//
// Each chat has one living message, a card, for each incident, or for those that began within kGroupWindow of one
// another: it is edited when people or the incident change, and repeats are replies to it.
class Announcements {
 public:
  // What begins within this time of a card's first incident joins it.
  static constexpr Duration kGroupWindow = std::chrono::seconds(30);
  // A card of so many incidents is a storm: it goes on growing for kStormWindow.
  static constexpr size_t kStormSize = 20;
  static constexpr Duration kStormWindow = std::chrono::minutes(10);
  // A growing list is edited this often at most: Telegram counts edits too.
  static constexpr Duration kEditEvery = std::chrono::seconds(5);
  // So long before quiet hours people hear what is foreseen to break within them.
  static constexpr Duration kWarnBefore = std::chrono::minutes(15);
  static constexpr Duration kHistory = std::chrono::hours(24 * 365);
  static constexpr const char* kEscalateAfter = "escalate_after";  // the setting: seconds; missing: never

  Announcements(catalog::Database& database, People& people, const Servers& servers, Muting& muting, TimeZone zone,
                bool has_webhook);

  // Who hears of it at once. Asked before the transaction begins: People asks the catalog under a lock of its own.
  std::vector<int64_t> audience() const { return people_.alert_chats(); }

  // To be called in the transaction that writes the incident: after a crash there are both, or neither. Returns how
  // many messages it put into the outbox.
  Result<size_t> announce(const IncidentEvent& event, const std::vector<int64_t>& audience, Timestamp now);

  // In the transaction that ends it without an event: its cards follow, nobody gets a new message.
  Result<size_t> ended_quietly(const Subject& subject, Timestamp now);
  // Asked before the transaction begins, as audience() is.
  std::map<ServerId, std::string> names_of_servers() const;

  // In the transaction of what people did to an incident: its cards follow. `what`: "acknowledged", "snoozed".
  Result<size_t> changed(const Subject& subject, const std::string& what, Timestamp now);

  // What comes with time alone: digests, ends of silences and snoozes, escalation, warnings before quiet hours, and
  // forgetting. To be called every second or so; returns how many messages it put into the outbox.
  Result<size_t> tick(Timestamp now);

 private:
  Result<size_t> fire(const catalog::Incident& incident, int64_t chat, Timestamp now);
  Result<size_t> show(int64_t incident, int64_t chat, Timestamp now);
  Result<size_t> repeat(const IncidentEvent& event, const catalog::Incident& incident, Timestamp now);
  Result<size_t> remind(const catalog::Card& card, const Subject& subject, Duration every, Timestamp now);
  Result<size_t> resolve(const catalog::Incident& incident, Timestamp now);
  Result<size_t> sum_up(const IncidentEvent& event, const catalog::Incident& incident, Timestamp now);
  Result<size_t> edit_cards(int64_t incident, Duration delay, Timestamp now);
  Result<size_t> edit_card(const catalog::Card& card, Timestamp not_before, Timestamp now);
  Result<bool> is_gone(int64_t chat);
  Result<bool> is_wanted(int64_t chat, const catalog::Incident& incident);
  Result<bool> is_quiet(int64_t chat, const catalog::Incident& incident, Timestamp now);
  Result<size_t> post_to_webhook(const Subject& subject, const std::string& what, Timestamp now);

  Result<size_t> release_held(Timestamp now);
  Result<size_t> release_silenced(const catalog::HeldBack& held, Timestamp now);
  Result<size_t> send_digest(int64_t chat, const std::vector<int64_t>& incidents, Timestamp now);
  Result<size_t> end_snoozes(const std::vector<Subject>& open, Timestamp now);
  Result<size_t> escalate(const std::vector<Subject>& open, Timestamp now);
  Result<size_t> warn_before_quiet(const std::vector<Subject>& open, Timestamp now);
  Result<std::vector<Subject>> open_subjects();
  Result<void> forget(Timestamp now);

  catalog::Database& database_;
  catalog::Outbox outbox_;
  catalog::Cards cards_;
  catalog::Chats chats_;
  catalog::Incidents incidents_;
  catalog::Settings settings_;
  ChatSettings looks_;
  People& people_;
  const Servers& servers_;
  Muting& muting_;
  bool has_webhook_;
  Timestamp forgot_at_{};  // of the thread that ticks
};

}  // namespace mps::service
