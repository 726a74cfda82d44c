#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "catalog/incidents.h"
#include "service/announcements.h"

namespace mps::service {

// An incident that ends although nobody is told so by an event: the messages about it follow, no new ones are sent.
struct QuietEnd {
  int64_t incident = 0;
  std::string why;                   // as catalog::Incident::ended_why; "" where it is over
  std::optional<double> value = {};  // the newest reading, where there is one
};

// The one place where incidents are written: each with its messages in one transaction, so that after a crash there are
// both, or neither.
class IncidentLog {
 public:
  IncidentLog(catalog::Database& database, Announcements& announcements)
      : database_(database), incidents_(database), announcements_(announcements) {}

  // Writes what happened. What was while a server was silent is kept among the events of its incident ("meanwhile CPU
  // above 90 % for 12m", at the time of its beginning). A new incident gets its id; of others the row is read anew
  // first, since people may have acknowledged it, and only what the event knows is changed: peak, value, notified_at,
  // resolved_at, what is expected. One that is gone (its server was removed) is passed over. Ends those of
  // `ended_quietly`. All of it happens, or nothing; returns how many messages there are.
  Result<size_t> write(std::span<IncidentEvent> events, std::span<const QuietEnd> ended_quietly, Timestamp now);

  // Ends what is open of a server that is being removed. Within the transaction that removes it.
  Result<void> end_all_of(const Server& server, Timestamp now);

  Result<std::vector<catalog::Incident>> open() const { return incidents_.list_open(); }

 private:
  Result<size_t> end_quietly(catalog::Incident incident, const QuietEnd& end, const std::string& server, Timestamp now);

  catalog::Database& database_;
  mutable catalog::Incidents incidents_;
  Announcements& announcements_;
};

}  // namespace mps::service
