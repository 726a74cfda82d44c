#include <fmt/format.h>

#include "base/text.h"
#include "gateway/api_people.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

using service::Change, service::Role;

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

api::Silence silence_of(service::Hub& hub, const service::Silence& silence) {
  api::Silence out;
  out.id = silence.id;
  out.maintenance = silence.maintenance;
  if (const auto server = hub.servers().find(silence.server)) out.server = server->name;
  out.tag = text_or_null(silence.tag);
  out.resource = text_or_null(silence.resource);
  out.kind = text_or_null(silence.kind);
  out.begins_at = {silence.begins_at};
  out.ends_at = {silence.ends_at};
  out.why = silence.why;
  out.who = silence.who;
  return out;
}

Result<Response> list_silences(service::Hub& hub, bool maintenance) {
  MPS_TRY(const auto silences, hub.muting().list(hub.clock().now()));
  api::SilenceList list;
  for (const service::Silence& silence : silences)
    if (silence.maintenance == maintenance) list.silences.push_back(silence_of(hub, silence));
  return json_response(list);
}

Result<service::Silence> silence_from(service::Hub& hub, const api::SilenceWish& wish) {
  service::Silence silence;
  if (wish.server && wish.tag) return Error{ErrorCode::kInvalidArgument, "say `server` or `tag`, not both"};
  if (wish.ends_at && wish.lasts) return Error{ErrorCode::kInvalidArgument, "say `ends_at` or `lasts`, not both"};
  if (wish.server) {
    MPS_TRY(const service::Server server, hub.servers().find(*wish.server));
    silence.server = server.id;
  }
  silence.tag = wish.tag.value_or("");
  if (wish.resource) {
    MPS_TRY(const Resource* resource, resource_named(*wish.resource));
    silence.resource = resource->name;
  }
  silence.kind = wish.kind.value_or("");
  silence.begins_at = wish.begins_at ? wish.begins_at->time : hub.clock().now();
  const Duration lasts = wish.lasts ? wish.lasts->length : std::chrono::hours(1);
  if (silence.begins_at > kTimeMax - lasts || (wish.ends_at && wish.ends_at->time > kTimeMax))
    return Error{ErrorCode::kInvalidArgument, "it would end too far ahead"};
  silence.ends_at = wish.ends_at ? wish.ends_at->time : silence.begins_at + lasts;
  silence.why = wish.why.value_or("");
  return silence;
}

Result<Response> add_silence(service::Hub& hub, const Call& call, const api::SilenceWish& wish, bool maintenance) {
  MPS_TRY(service::Silence silence, silence_from(hub, wish));
  silence.maintenance = maintenance;
  silence.who = call.caller.name;
  MPS_TRY(silence.id, hub.muting().add(silence, hub.clock().now()));
  note(hub, call, maintenance ? Change::kMaintenanceAdded : Change::kSilenceAdded,
       fmt::format("{}: {}, until {}", silence.id, wish.server.value_or(silence.tag), format_rfc3339(silence.ends_at)));
  return json_response(silence_of(hub, silence), 201);
}

Result<Response> end_silence(service::Hub& hub, const Call& call) {
  MPS_TRY_VOID(hub.muting().end(number_in_path(call), hub.clock().now()));
  note(hub, call, Change::kSilenceEnded, std::to_string(number_in_path(call)));
  return no_content();
}

api::QuietHours quiet_hours_of(const service::QuietHours& hours) {
  return {hours.chat_id, service::clock_of(hours.begins), service::clock_of(hours.ends), hours.zone};
}

Result<Response> list_quiet_hours(service::Hub& hub) {
  MPS_TRY(const auto all, hub.muting().quiet_hours());
  api::QuietHoursList list;
  for (const service::QuietHours& hours : all) list.quiet_hours.push_back(quiet_hours_of(hours));
  return json_response(list);
}

Result<Response> set_quiet_hours(service::Hub& hub, const Call& call, const api::QuietHoursWish& wish) {
  service::QuietHours hours;
  hours.chat_id = number_in_path(call);
  if (!hub.people().knows_chat(hours.chat_id))
    return Error{ErrorCode::kNotFound, fmt::format("there is no chat {}; GET /api/v1/chats shows them", hours.chat_id)};
  MPS_TRY(hours.begins, service::parse_clock(wish.begins));
  MPS_TRY(hours.ends, service::parse_clock(wish.ends));
  hours.zone = wish.zone.value_or(hub.options().zone.name());
  MPS_TRY_VOID(hub.muting().set_quiet(hours));
  note(hub, call, Change::kQuietSet, fmt::format("{}: {} - {}, {}", hours.chat_id, wish.begins, wish.ends, hours.zone));
  return json_response(quiet_hours_of(hours));
}

Result<Response> remove_quiet_hours(service::Hub& hub, const Call& call) {
  MPS_TRY_VOID(hub.muting().remove_quiet(number_in_path(call)));
  note(hub, call, Change::kQuietRemoved, std::to_string(number_in_path(call)));
  return no_content();
}

struct MutingPaths {
  std::string_view list, one, what, add;
  bool maintenance = false;
};
constexpr MutingPaths kSilences{"/api/v1/silences", "/api/v1/silences/{id}", "Times without alerts",
                                "Hear nothing of some alerts for a while", false};
constexpr MutingPaths kMaintenance{"/api/v1/maintenance", "/api/v1/maintenance/{id}", "Windows of planned work",
                                   "Plan work: no alerts, and nothing is learned from its samples", true};

void add_silence_routes(Routes& routes, service::Hub& hub, const MutingPaths& paths) {
  const bool maintenance = paths.maintenance;
  routes.push_back(
      api_get<Nothing>({"GET", paths.list, "silences", paths.what}, {json_answer<api::SilenceList>("All of them")},
                       [&hub, maintenance](const Call&, const Nothing&) { return list_silences(hub, maintenance); }));
  routes.push_back(api_change<api::SilenceWish>({"POST", paths.list, "silences", paths.add, Role::kOperator},
                                                {json_answer<api::Silence>("As it is set", 201), no_such_server()},
                                                [&hub, maintenance](const Call& call, const api::SilenceWish& wish) {
                                                  return add_silence(hub, call, wish, maintenance);
                                                }));
  routes.push_back(api_action<Nothing>({"DELETE", paths.one, "silences", "End it now", Role::kOperator},
                                       {{204, "It is over"}, refused(404, "There is none that is not over")},
                                       [&hub](const Call& call, const Nothing&) { return end_silence(hub, call); }));
}

}  // namespace

void add_muting_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  add_silence_routes(routes, hub, kSilences);
  add_silence_routes(routes, hub, kMaintenance);
  routes.push_back(
      api_get<Nothing>({"GET", "/api/v1/quiet-hours", "silences", "Hours in which a chat gets critical alerts alone"},
                       {json_answer<api::QuietHoursList>("Those of all chats")},
                       [&hub](const Call&, const Nothing&) { return list_quiet_hours(hub); }));
  routes.push_back(api_change<api::QuietHoursWish>(
      {"PUT", "/api/v1/quiet-hours/{chat}", "silences", "Set the quiet hours of a chat", Role::kOperator},
      {json_answer<api::QuietHours>("As they are set"), refused(404, "There is no such chat")},
      [&hub](const Call& call, const api::QuietHoursWish& wish) { return set_quiet_hours(hub, call, wish); }));
  routes.push_back(api_action<Nothing>(
      {"DELETE", "/api/v1/quiet-hours/{chat}", "silences", "A chat without quiet hours", Role::kOperator},
      {{204, "It has none"}, refused(404, "It had none")},
      [&hub](const Call& call, const Nothing&) { return remove_quiet_hours(hub, call); }));
}

}  // namespace mps::gateway
