#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "gateway/api_alerts.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

using service::Change, service::Role;

constexpr size_t kIncidentsUsual = 100;

std::optional<Rfc3339> time_or_null(const std::optional<Timestamp>& time) {
  return time ? std::optional(Rfc3339{*time}) : std::nullopt;
}

std::string state_of(const service::Subject& subject, Timestamp now) {
  const auto& incident = subject.incident;
  if (incident.resolved_at) return "resolved";
  if (incident.acknowledged_at) return "acknowledged";
  return incident.snoozed_until && *incident.snoozed_until > now ? "snoozed" : "firing";
}

api::Incident incident_of(const service::Subject& subject, Timestamp now) {
  const auto& incident = subject.incident;
  api::Incident out;
  out.id = incident.id;
  out.state = state_of(subject, now);
  out.server = subject.server;
  out.kind = incident.kind;
  out.severity = incident.severity;
  if (!incident.resource.empty()) out.resource = incident.resource;
  out.instance = incident.instance;
  out.direction = incident.below ? "below" : "above";
  if (std::isfinite(incident.threshold)) out.threshold = incident.threshold;
  if (std::isfinite(incident.peak)) out.peak = incident.peak;
  out.breached_at = {incident.breached_at};
  out.fired_at = {incident.fired_at};
  out.resolved_at = time_or_null(incident.resolved_at);
  out.acknowledged_at = time_or_null(incident.acknowledged_at);
  out.acknowledged_by = incident.acknowledged_by;
  out.snoozed_until = time_or_null(incident.snoozed_until);
  out.expected_at = time_or_null(incident.expected_at);
  out.flapping = incident.flapping;
  out.ended_why = incident.ended_why;
  return out;
}

Result<Response> list_incidents(service::Hub& hub, const api::IncidentsQuery& query) {
  std::optional<int64_t> before;
  if (query.cursor) {
    MPS_TRY(before, number_in_cursor(*query.cursor));
  }
  const size_t limit = query.limit ? static_cast<size_t>(*query.limit) : kIncidentsUsual;
  MPS_TRY(auto page, hub.incidents().page(before, limit + 1, query.open.value_or(false)));
  api::IncidentList list;
  if (page.size() > limit) {
    page.pop_back();
    list.next = cursor_of(std::to_string(page.back().incident.id));
  }
  for (const service::Subject& subject : page) list.incidents.push_back(incident_of(subject, hub.clock().now()));
  return json_response(list);
}

Result<Response> show_incident(service::Hub& hub, const Call& call) {
  MPS_TRY(const auto subject, hub.incidents().find(number_in_path(call)));
  MPS_TRY(const auto events, hub.incidents().history(number_in_path(call)));
  api::IncidentWithSteps out{incident_of(subject, hub.clock().now()), {}};
  for (const auto& event : events) out.steps.push_back({{event.at}, event.what, event.who});
  return json_response(out);
}

Result<Response> acknowledge(service::Hub& hub, const Call& call) {
  MPS_TRY(const auto subject, hub.incidents().acknowledge(number_in_path(call), call.caller.name));
  note(hub, call, Change::kAcknowledged, fmt::format("{}: {}", subject.incident.id, subject.server));
  return json_response(incident_of(subject, hub.clock().now()));
}

Result<Response> snooze(service::Hub& hub, const Call& call, const api::SnoozeWish& wish) {
  if (wish.until && wish.lasts) return Error{ErrorCode::kInvalidArgument, "say `until` or `lasts`, not both"};
  const Timestamp now = hub.clock().now();
  const Timestamp until =
      wish.until ? wish.until->time : now + (wish.lasts ? wish.lasts->length : std::chrono::hours(1));
  MPS_TRY(const auto subject, hub.incidents().snooze(number_in_path(call), until, call.caller.name));
  note(hub, call, Change::kSnoozed, fmt::format("{}: {}", subject.incident.id, subject.server));
  return json_response(incident_of(subject, now));
}

}  // namespace

void add_incident_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  const RouteAnswer no_incident = refused(404, "There is no such incident");
  routes.push_back(api_get<api::IncidentsQuery>(
      {"GET", "/api/v1/incidents", "incidents", "What fires, and what did"},
      {json_answer<api::IncidentList>("A page of them")},
      [&hub](const Call&, const api::IncidentsQuery& query) { return list_incidents(hub, query); }));
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/incidents/{id}", "incidents", "One of them, step by step"},
                                    {json_answer<api::IncidentWithSteps>("It"), no_incident},
                                    [&hub](const Call& call, const Nothing&) { return show_incident(hub, call); }));
  routes.push_back(api_action<Nothing>({"POST", "/api/v1/incidents/{id}/acknowledge", "incidents",
                                        "Somebody has seen it: no more reminders", Role::kOperator},
                                       {json_answer<api::Incident>("As it is now"), no_incident},
                                       [&hub](const Call& call, const Nothing&) { return acknowledge(hub, call); }));
  routes.push_back(api_change<api::SnoozeWish>(
      {"POST", "/api/v1/incidents/{id}/snooze", "incidents", "No reminders for a while", Role::kOperator},
      {json_answer<api::Incident>("As it is now"), no_incident},
      [&hub](const Call& call, const api::SnoozeWish& wish) { return snooze(hub, call, wish); }));
}

}  // namespace mps::gateway
