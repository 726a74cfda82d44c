#pragma once

#include <functional>
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
  std::string version;
  std::function<ServerStats()> server_stats;
  std::function<std::vector<Router::Count>()> route_counts;
};

using Routes = std::vector<Route>;

void add_ingest_routes(Routes& routes, const RouteContext& context);    // what agents write to
void add_server_routes(Routes& routes, const RouteContext& context);    // /api/v1/servers...
void add_picture_routes(Routes& routes, const RouteContext& context);   // charts and reports as files
void add_system_routes(Routes& routes, const RouteContext& context);    // /ping, /health, /metrics
void add_update_routes(Routes& routes, const RouteContext& context);    // what Telegram delivers
void add_page_routes(Routes& routes);                                   // the web page
void add_document_routes(Routes& routes, const RouteContext& context);  // /openapi.json; describes those before it

Routes make_routes(const RouteContext& context);

}  // namespace mps::gateway
