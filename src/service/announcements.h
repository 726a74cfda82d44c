#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alert/episodes.h"
#include "alert/prediction.h"
#include "base/time_zone.h"
#include "catalog/incidents.h"
#include "catalog/outbox.h"
#include "metric/resource.h"
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
// readings; `Alerts` knows nothing of chats.
class Announcements {
 public:
  Announcements(catalog::Database& database, People& people, TimeZone zone)
      : outbox_(database), people_(people), zone_(std::move(zone)) {}

  // Who hears of it. Asked before the transaction begins: People asks the catalog under a lock of its own.
  std::vector<int64_t> audience() const { return people_.alert_chats(); }

  // To be called in the transaction that writes the incident: after a crash there are both, or neither. Returns how
  // many messages it put into the outbox.
  Result<size_t> announce(const IncidentEvent& event, const std::vector<int64_t>& audience, Timestamp now);

 private:
  catalog::Outbox outbox_;
  People& people_;
  TimeZone zone_;
};

}  // namespace mps::service
