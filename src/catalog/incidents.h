#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

// A rule broken on a server, from firing to resolved.
struct Incident {
  int64_t id = 0;
  ServerId server{};
  std::string resource;  // "" where it is about the server as a whole
  std::string instance;  // mount point, or ""
  double threshold = 0;
  double peak = 0;        // the worst value so far
  Timestamp breached_at;  // the first sample over the threshold; the last sample at all, where data stopped
  Timestamp fired_at;
  Timestamp notified_at;  // of the newest notification
  std::optional<Timestamp> resolved_at;

  std::string kind = "threshold";    // "threshold", "no_data", "prediction", "anomaly"
  std::string severity = "warning";  // "warning", "critical": comes through in quiet hours
  bool below = false;                // broken when the value is under the threshold, not over it
  double value = 0;                  // the reading of the newest notification
  // Of a prediction: when the threshold is reached, and the band of 80 % around that.
  std::optional<Timestamp> expected_at = {}, expected_from = {}, expected_to = {};

  // What people did about it: written by acknowledge and snooze alone, and void once it is resolved.
  std::optional<Timestamp> acknowledged_at = {};
  std::string acknowledged_by = {};
  std::optional<Timestamp> snoozed_until = {};
  bool flapping = false;  // comes and goes: held open until it has been quiet for a while
  int64_t escalated = 0;  // the highest level of chats that heard of it

  // Where it did not end by itself: kUnwatched (its rule or its series is gone), kServerRemoved.
  std::string ended_why = {};
  std::string server_name = {};  // of a server that was removed
};

inline constexpr const char* kUnwatched = "no longer watched";
inline constexpr const char* kServerRemoved = "server removed";

// One step in the life of an incident.
struct IncidentEvent {
  int64_t incident = 0;
  Timestamp at;
  std::string what;  // "pending", "firing", "acknowledged", "snoozed", "snooze over", "flapping", "escalated",
                     // "resolved", kUnwatched, kServerRemoved
  std::string who;   // a person; "" where the hub itself did it
};

class Incidents {
 public:
  explicit Incidents(Database& database) : database_(database) {}
  // Writes the events "pending" and "firing" with it.
  Result<int64_t> open(const Incident& incident);
  // Peak, value, notified_at, resolved_at, severity and expected_...; where it is resolved now, that event too.
  Result<void> update(const Incident& incident);
  Result<std::optional<Incident>> find(int64_t id);
  Result<std::vector<Incident>> list_open();
  Result<std::vector<Incident>> list_recent(size_t count);  // newest first
  // Those of one series that began at or after `since`, newest first.
  Result<std::vector<Incident>> list_of(ServerId server, const std::string& resource, const std::string& instance,
                                        Timestamp since);
  // It ends although nothing is known to be well again.
  Result<void> end(int64_t id, const std::string& why, Timestamp now);
  // What is kept of a server that is removed tells its name.
  Result<void> keep_name(ServerId server, const std::string& name);
  // Those that were resolved before `before` go, with their events.
  Result<void> forget_before(Timestamp before);

  Result<void> acknowledge(int64_t id, const std::string& who, Timestamp now);
  // Nothing for `until`: the snooze is over.
  Result<void> snooze(int64_t id, std::optional<Timestamp> until, const std::string& who, Timestamp now);
  Result<void> set_flapping(int64_t id, Timestamp now);
  Result<void> set_escalated(int64_t id, int64_t level, Timestamp now);
  Result<void> add_event(const IncidentEvent& event);
  Result<std::vector<IncidentEvent>> events(int64_t id);  // in order

 private:
  Database& database_;
};

}  // namespace mps::catalog
