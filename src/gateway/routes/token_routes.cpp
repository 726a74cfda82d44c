#include <fmt/format.h>

#include "gateway/api_people.h"
#include "gateway/api_servers.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

using service::Change, service::Role;

template <class Record>
api::ApiToken api_token_of(const Record& record, Timestamp now) {
  api::ApiToken out{record.name, record.role, {record.created_at}, std::nullopt, false, record.created_by};
  if (record.expires_at) out.expires_at = Rfc3339{*record.expires_at};
  out.expired = record.expires_at && *record.expires_at <= now;
  return out;
}

Result<Response> list_api_tokens(service::Hub& hub) {
  api::ApiTokenList list;
  for (const auto& record : hub.api_tokens().list()) list.tokens.push_back(api_token_of(record, hub.clock().now()));
  return json_response(list);
}

Result<Response> add_api_token(service::Hub& hub, const Call& call, const api::NewApiToken& wish) {
  const auto lasts = wish.lasts ? std::optional(wish.lasts->length) : std::nullopt;
  MPS_TRY(const auto made, hub.api_tokens().add(wish.name, *service::find_role(wish.role), lasts, call.caller.name));
  note(hub, call, Change::kTokenMade, fmt::format("API token {}: {}", wish.name, wish.role));
  return json_response(api::ShownApiToken{api_token_of(made.record, hub.clock().now()), made.token}, 201);
}

Result<Response> remove_api_token(service::Hub& hub, const Call& call) {
  MPS_TRY_VOID(hub.api_tokens().remove(call.path_values[0]));
  note(hub, call, Change::kTokenRemoved, "API token " + call.path_values[0]);
  return no_content();
}

api::FleetToken fleet_token_of(const service::FleetToken& token) {
  return {token.id, token.name, {token.created_at}, token.servers};
}

Result<Response> list_fleet_tokens(service::Hub& hub) {
  api::FleetTokenList list;
  for (const auto& token : hub.servers().fleet_tokens()) list.tokens.push_back(fleet_token_of(token));
  return json_response(list);
}

Result<Response> add_fleet_token(service::Hub& hub, const Call& call, const api::NewFleetToken& wish) {
  MPS_TRY(const auto made, hub.servers().add_fleet_token(wish.name));
  note(hub, call, Change::kTokenMade, "fleet token " + wish.name);
  return json_response(api::ShownFleetToken{made.record.id, made.record.name, made.token}, 201);
}

Result<Response> remove_fleet_token(service::Hub& hub, const Call& call) {
  MPS_TRY(const auto token, hub.servers().remove_fleet_token(number_in_path(call)));
  note(hub, call, Change::kTokenRemoved, "fleet token " + token.name);
  return no_content();
}

void add_fleet_token_routes(Routes& routes, service::Hub& hub) {
  routes.push_back(api_get<Nothing>(
      {"GET", "/api/v1/fleet-tokens", "tokens", "The tokens that many servers write with", Role::kAdmin},
      {json_answer<api::FleetTokenList>("All of them, without what they are")},
      [&hub](const Call&, const Nothing&) { return list_fleet_tokens(hub); }));
  routes.push_back(api_change<api::NewFleetToken>(
      {"POST", "/api/v1/fleet-tokens", "tokens", "One token for many servers, which their host tag names",
       Role::kAdmin},
      {json_answer<api::ShownFleetToken>("The token, once", 201)},
      [&hub](const Call& call, const api::NewFleetToken& wish) { return add_fleet_token(hub, call, wish); }));
  routes.push_back(api_action<Nothing>(
      {"DELETE", "/api/v1/fleet-tokens/{id}", "tokens",
       "It stops working at once; its servers stay, for the next fleet token that names them", Role::kAdmin},
      {{204, "It is gone"}, refused(404, "There is no such token")},
      [&hub](const Call& call, const Nothing&) { return remove_fleet_token(hub, call); }));
}

}  // namespace

void add_token_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/api-tokens", "tokens", "The tokens of this API", Role::kOwner},
                                    {json_answer<api::ApiTokenList>("All of them, without what they are")},
                                    [&hub](const Call&, const Nothing&) { return list_api_tokens(hub); }));
  routes.push_back(api_change<api::NewApiToken>(
      {"POST", "/api/v1/api-tokens", "tokens", "A new token", Role::kOwner},
      {json_answer<api::ShownApiToken>("The token, once", 201), refused(409, "The name is taken")},
      [&hub](const Call& call, const api::NewApiToken& wish) { return add_api_token(hub, call, wish); }));
  routes.push_back(
      api_action<Nothing>({"DELETE", "/api/v1/api-tokens/{token}", "tokens", "It stops working at once", Role::kOwner},
                          {{204, "It is gone"}, refused(404, "There is no such token")},
                          [&hub](const Call& call, const Nothing&) { return remove_api_token(hub, call); }));
  add_fleet_token_routes(routes, hub);
}

}  // namespace mps::gateway
