#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gateway/api_servers.h"
#include "gateway/entity_tag.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

using service::Change, service::Role;

constexpr auto kSilentAfter = std::chrono::minutes(2);
constexpr size_t kServersUsual = 1000;

api::ServerEntry entry_of(service::Hub& hub, const service::Server& server, std::optional<Timestamp> last_seen) {
  api::ServerEntry entry{server.name, "new", std::nullopt, {server.created_at}, server.tags};
  if (last_seen) {
    entry.state = *last_seen + kSilentAfter < hub.clock().now() ? "silent" : "up";
    entry.last_seen = Rfc3339{*last_seen};
  }
  return entry;
}

api::ServerEntry entry_of(service::Hub& hub, const service::Server& server) {
  return entry_of(hub, server, hub.store().last_seen(server.id));
}

Result<Response> list_servers(service::Hub& hub, const api::ServersQuery& query) {
  std::string after;
  if (query.cursor) {
    MPS_TRY(after, place_of(*query.cursor));
  }
  const size_t limit = query.limit ? static_cast<size_t>(*query.limit) : kServersUsual;
  api::ServerList list{{hub.clock().now()}, {}, std::nullopt};
  for (const service::Server& server : hub.servers().list()) {
    if (server.name <= after) continue;
    if (query.tag && std::find(server.tags.begin(), server.tags.end(), *query.tag) == server.tags.end()) continue;
    if (list.servers.size() == limit) {
      list.next = cursor_of(list.servers.back().name);
      break;
    }
    list.servers.push_back(entry_of(hub, server));
  }
  Response response = json_response(list);
  list.now = {};
  response.headers.emplace_back("ETag", "W/" + entity_tag(to_json_text(boost::json::value_from(list))));
  return response;
}

Result<Response> show_status(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  const service::ServerStatus status = hub.query().status(server.id);
  api::ServerStatus out{entry_of(hub, server, status.last_seen), std::nullopt, {}};
  if (status.uptime) out.uptime_seconds = std::chrono::floor<std::chrono::seconds>(*status.uptime).count();
  for (const service::CurrentValue& v : status.values) {
    out.values.push_back({std::string(v.resource->name),
                          std::string(v.resource->title),
                          std::string(unit_name(v.resource->unit)),
                          v.instance,
                          v.value,
                          {v.time}});
  }
  return json_response(out);
}

Result<Response> add_server(service::Hub& hub, const Call& call, const api::NewServer& wanted) {
  MPS_TRY(const service::NewServer added, hub.servers().add(wanted.name, wanted.tags));
  note(hub, call, Change::kServerAdded, wanted.name);
  return json_response(api::ServerWithToken{entry_of(hub, added.server), added.token}, 201);
}

Result<void> set_tags(service::Hub& hub, const service::Server& server, const std::vector<std::string>& tags) {
  MPS_TRY_VOID(hub.servers().tag(server.id, tags));
  std::vector<std::string> others;
  for (const std::string& tag : server.tags)
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) others.push_back(tag);
  MPS_TRY_VOID(hub.servers().untag(server.id, others));
  return {};
}

Result<Response> change_server(service::Hub& hub, const Call& call, const api::ServerChange& change) {
  MPS_TRY(service::Server server, hub.servers().find(call.path_values[0]));
  if (change.tags) {
    MPS_TRY_VOID(set_tags(hub, server, *change.tags));
    note(hub, call, Change::kServerChanged, fmt::format("{}: tags {}", server.name, fmt::join(*change.tags, " ")));
  }
  if (change.name && *change.name != server.name) {
    MPS_TRY_VOID(hub.servers().rename(server.id, *change.name));
    note(hub, call, Change::kServerChanged, fmt::format("{} is now {}", server.name, *change.name));
  }
  const auto now = hub.servers().find(server.id);
  if (!now) return Error{ErrorCode::kNotFound, "this server was removed meanwhile"};
  return json_response(entry_of(hub, *now));
}

Result<Response> rotate_server_token(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const std::string token, hub.servers().rotate_token(server.id));
  note(hub, call, Change::kTokenMade, server.name);
  return json_response(api::ServerWithToken{entry_of(hub, server), token}, 201);
}

Result<Response> remove_server(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY_VOID(hub.servers().remove(server.id));
  hub.forecasts().forget(server.id);
  note(hub, call, Change::kServerRemoved, server.name);
  return no_content();
}

void add_reading(Routes& routes, service::Hub& hub) {
  routes.push_back(api_get<api::ServersQuery>(
      {"GET", "/api/v1/servers", "servers", "The servers and whether they are heard of"},
      {json_answer<api::ServerList>("A page of them")},
      [&hub](const Call&, const api::ServersQuery& query) { return list_servers(hub, query); }));
  // From memory, once the journal is replayed: handing it to a worker would cost more than the answer.
  const auto ready = [&hub] { return hub.store().ready(); };
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/servers/{name}", "servers", "One server"},
                                    {json_answer<api::ServerEntry>("It"), no_such_server()},
                                    [&hub](const Call& call, const Nothing&) -> Result<Response> {
                                      MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
                                      return json_response(entry_of(hub, server));
                                    }));
  routes.back().is_quick = ready;
  routes.push_back(api_get<Nothing>({"GET", "/api/v1/servers/{name}/status", "servers", "What a server reads now"},
                                    {json_answer<api::ServerStatus>("Its newest values"), no_such_server()},
                                    [&hub](const Call& call, const Nothing&) { return show_status(hub, call); }));
}

void add_changing(Routes& routes, service::Hub& hub) {
  routes.push_back(api_change<api::NewServer>(
      {"POST", "/api/v1/servers", "servers", "Register a server", Role::kAdmin},
      {json_answer<api::ServerWithToken>("With its token, once", 201), refused(409, "The name is taken")},
      [&hub](const Call& call, const api::NewServer& wanted) { return add_server(hub, call, wanted); }));
  routes.push_back(api_change<api::ServerChange>(
      {"PATCH", "/api/v1/servers/{name}", "servers", "Rename a server, or give it other tags", Role::kAdmin},
      {json_answer<api::ServerEntry>("As it is now"), no_such_server(), refused(409, "The name is taken")},
      [&hub](const Call& call, const api::ServerChange& change) { return change_server(hub, call, change); }));
  routes.push_back(api_action<Nothing>(
      {"DELETE", "/api/v1/servers/{name}", "servers", "Forget a server with all its samples, for ever", Role::kAdmin},
      {{204, "It is gone"}, no_such_server()},
      [&hub](const Call& call, const Nothing&) { return remove_server(hub, call); }));
  routes.push_back(
      api_action<Nothing>({"POST", "/api/v1/servers/{name}/token", "servers",
                           "A new token for its agent; the old one stops working", Role::kAdmin},
                          {json_answer<api::ServerWithToken>("The new token, once", 201), no_such_server()},
                          [&hub](const Call& call, const Nothing&) { return rotate_server_token(hub, call); }));
}

}  // namespace

void add_server_routes(Routes& routes, const RouteContext& context) {
  add_reading(routes, context.hub);
  add_changing(routes, context.hub);
}

}  // namespace mps::gateway
