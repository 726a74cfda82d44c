#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "gateway/http_server.h"
#include "gateway/route.h"
#include "gateway/router.h"
#include "service/hub.h"

// Every route of the hub, declared once: see Route.
namespace mps::gateway {

struct RouteContext {
  service::Hub& hub;    // outlives the routes
  WorkerPool& workers;  // likewise
  std::stop_token stopping;
  std::string version;
  std::function<ServerStats()> server_stats;
  std::function<std::vector<Router::Count>()> route_counts;
};

using Routes = std::vector<Route>;

void add_ingest_routes(Routes& routes, const RouteContext& context);      // what agents write to
void add_server_routes(Routes& routes, const RouteContext& context);      // servers and the tokens of their agents
void add_metric_routes(Routes& routes, const RouteContext& context);      // figures, forecasts, backtests, export
void add_picture_routes(Routes& routes, const RouteContext& context);     // charts and reports as files
void add_rule_routes(Routes& routes, const RouteContext& context);        // rules and their preview
void add_incident_routes(Routes& routes, const RouteContext& context);    // what fires, and what did
void add_muting_routes(Routes& routes, const RouteContext& context);      // silences, maintenance, quiet hours
void add_people_routes(Routes& routes, const RouteContext& context);      // persons, invitations, who changed what
void add_chat_routes(Routes& routes, const RouteContext& context);        // who gets messages, and which
void add_token_routes(Routes& routes, const RouteContext& context);       // tokens of this API
void add_prometheus_routes(Routes& routes, const RouteContext& context);  // the figures of all servers
void add_system_routes(Routes& routes, const RouteContext& context);      // /ping, /health, /metrics
void add_update_routes(Routes& routes, const RouteContext& context);      // what Telegram delivers
void add_page_routes(Routes& routes);                                     // the web page
void add_document_routes(Routes& routes, const RouteContext& context);    // /openapi.json; describes those before it

Routes make_routes(const RouteContext& context);

}  // namespace mps::gateway
