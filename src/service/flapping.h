#pragma once

#include <optional>

#include "alert/evaluator.h"
#include "catalog/incidents.h"
#include "service/announcements.h"

// What comes and goes: an incident that would be the kFlapCount-th of its series within kFlapWindow to end is held open
// instead, says so in its message, and ends once all has been well for kFlapCalm. Nobody gets a message for each turn.
namespace mps::service {

inline constexpr size_t kFlapCount = 3;
inline constexpr Duration kFlapWindow = std::chrono::hours(1);
inline constexpr Duration kFlapCalm = std::chrono::minutes(15);

enum class FlapStep {
  kAsEvaluated,  // it has nothing to do with flapping
  kHold,         // it would end: hold it open
  kGoOn,         // it is held open, and fires again: the same incident
  kEnd,          // it was held open, and has been well for long enough
};

// `incident`: the open one of the series. While it is held open, its notified_at is the time of its last turn.
Result<FlapStep> flap_step(catalog::Incidents& incidents, const std::optional<catalog::Incident>& incident,
                           const alert::Evaluation& evaluation, Timestamp now);

// Carries out kHold and kGoOn: writes the incident, and has its messages say that it comes and goes.
Result<size_t> take_turn(catalog::Database& database, Announcements& announcements, const Server& server,
                         const Resource* resource, catalog::Incident& incident, FlapStep step, Timestamp now);

}  // namespace mps::service
