#include "service/incident_log.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <unordered_map>

#include "base/log.h"
#include "base/text.h"
#include "service/rule_text.h"

namespace mps::service {
namespace {

void log_event(const IncidentEvent& event) {
  const char* what = event.transition == alert::Transition::kResolved ? "resolved"
                     : event.transition == alert::Transition::kFired  ? "fired"
                                                                      : "still firing";
  log::info("{} {}{}{} {} {}: {}", event.server.name, event.resource == nullptr ? "" : event.resource->name,
            event.incident.instance.empty() ? "" : " ", event.incident.instance, event.incident.severity,
            event.incident.kind, what);
}

// What is over of what a silent server's rules would have said stays with the incident, for whoever writes of it later.
Result<void> keep_meanwhile(catalog::Incidents& incidents, const IncidentEvent& event) {
  for (const Meanwhile& each : event.meanwhile) {
    const auto lasted = each.episode.ended_at.value_or(each.episode.breached_at) - each.episode.breached_at;
    const std::string what = fmt::format(
        "meanwhile {} for {}", rule_text(each.resource, each.instance, each.rule, false, RuleText::kLimit),
        format_duration(std::max<Duration>(std::chrono::floor<std::chrono::seconds>(lasted), std::chrono::seconds(1))));
    MPS_TRY_VOID(incidents.add_event({event.incident.id, each.episode.breached_at, what, ""}));
  }
  return {};
}

// What the event says of the incident, beside what its keeper filled in.
void fill_in(IncidentEvent& event) {
  catalog::Incident& incident = event.incident;
  incident.below = event.rule.direction == alert::Direction::kBelow;
  incident.value = event.value;
  if (!event.crossing) return;
  incident.expected_at = event.crossing->expected;
  incident.expected_from = event.crossing->earliest;
  incident.expected_to = event.crossing->latest;
}

void bring_up_to_date(IncidentEvent& event, const catalog::Incident& row, Timestamp now) {
  const double peak = event.incident.peak;
  event.incident = row;
  event.incident.peak = alert::worse(event.rule, row.peak, peak);
  event.incident.notified_at = now;
  fill_in(event);
  if (event.transition == alert::Transition::kResolved) event.incident.resolved_at = now;
}

}  // namespace

Result<size_t> IncidentLog::end_quietly(catalog::Incident incident, const QuietEnd& end, const std::string& server,
                                        Timestamp now) {
  incident.resolved_at = now;
  incident.ended_why = end.why;
  if (end.value) incident.value = *end.value;
  if (!end.why.empty()) MPS_TRY_VOID(incidents_.end(incident.id, end.why, now));
  MPS_TRY_VOID(incidents_.update(incident));
  log::info("incident {} ({} {}) ends: {}", incident.id, incident.resource, incident.instance,
            end.why.empty() ? "its server was silent when it was over" : end.why);
  return announcements_.ended_quietly({incident, server, find_resource(incident.resource)}, now);
}

Result<void> IncidentLog::end_all_of(const Server& server, Timestamp now) {
  MPS_TRY(const auto open, incidents_.list_open());
  for (const catalog::Incident& incident : open) {
    if (incident.server != server.id) continue;
    MPS_TRY_VOID(end_quietly(incident, {incident.id, catalog::kServerRemoved}, server.name, now));
  }
  return {};
}

Result<size_t> IncidentLog::write(std::span<IncidentEvent> events, std::span<const QuietEnd> ended_quietly,
                                  Timestamp now) {
  if (events.empty() && ended_quietly.empty()) return size_t{0};
  const auto audience = announcements_.audience();
  const auto names = ended_quietly.empty() ? std::map<ServerId, std::string>() : announcements_.names_of_servers();
  size_t messages = 0;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY(const auto open, incidents_.list_open());
    std::unordered_map<int64_t, const catalog::Incident*> by_id;
    for (const catalog::Incident& incident : open) by_id[incident.id] = &incident;
    for (const QuietEnd& end : ended_quietly) {
      if (!by_id.contains(end.incident)) continue;
      const catalog::Incident& incident = *by_id[end.incident];
      const auto name = names.find(incident.server);
      MPS_TRY(const size_t count, end_quietly(incident, end, name == names.end() ? "" : name->second, now));
      messages += count;
    }
    for (IncidentEvent& event : events) {
      if (event.transition == alert::Transition::kFired) {
        fill_in(event);
        MPS_TRY(event.incident.id, incidents_.open(event.incident));
      } else {
        if (!by_id.contains(event.incident.id)) continue;
        bring_up_to_date(event, *by_id[event.incident.id], now);
        MPS_TRY_VOID(incidents_.update(event.incident));
      }
      MPS_TRY_VOID(keep_meanwhile(incidents_, event));
      if (event.flapping && !event.incident.flapping) {
        MPS_TRY_VOID(incidents_.set_flapping(event.incident.id, now));
        event.incident.flapping = true;
      }
      MPS_TRY(const size_t count, announcements_.announce(event, audience, now));
      messages += count;
    }
    return {};
  }));
  for (const IncidentEvent& event : events) log_event(event);
  return messages;
}

}  // namespace mps::service
