#include "service/flapping.h"

#include "base/log.h"

namespace mps::service {

using alert::Transition;

Result<FlapStep> flap_step(catalog::Incidents& incidents, const std::optional<catalog::Incident>& incident,
                           const alert::Evaluation& evaluation, Timestamp now) {
  if (!incident) return FlapStep::kAsEvaluated;
  if (incident->flapping) {
    if (evaluation.transition == Transition::kResolved) return FlapStep::kHold;
    if (evaluation.transition == Transition::kFired) return FlapStep::kGoOn;
    const bool is_well = !evaluation.transition && !evaluation.state.firing;
    return is_well && now - incident->notified_at >= kFlapCalm ? FlapStep::kEnd : FlapStep::kAsEvaluated;
  }
  if (evaluation.transition != Transition::kResolved) return FlapStep::kAsEvaluated;
  MPS_TRY(const auto lately,
          incidents.list_of(incident->server, incident->resource, incident->instance, now - kFlapWindow));
  return lately.size() >= kFlapCount ? FlapStep::kHold : FlapStep::kAsEvaluated;
}

Result<size_t> take_turn(catalog::Database& database, Announcements& announcements, const Server& server,
                         const Resource* resource, catalog::Incident& incident, FlapStep step, Timestamp now) {
  catalog::Incidents incidents(database);
  catalog::Incident turned = incident;
  turned.notified_at = now;
  turned.flapping = true;
  size_t messages = 0;
  MPS_TRY_VOID(database.transaction([&]() -> Result<void> {
    MPS_TRY_VOID(incidents.update(turned));
    if (incident.flapping)
      return incidents.add_event({turned.id, now, step == FlapStep::kGoOn ? "firing" : "well", ""});
    MPS_TRY_VOID(incidents.set_flapping(turned.id, now));
    MPS_TRY(const auto known, incidents.find(turned.id));
    if (!known) return {};
    MPS_TRY(messages, announcements.changed({*known, server.name, resource}, "flapping", now));
    return {};
  }));
  if (!incident.flapping)
    log::info("{} {} {}: comes and goes, held open", server.name, turned.resource, turned.instance);
  incident = turned;
  return messages;
}

}  // namespace mps::service
