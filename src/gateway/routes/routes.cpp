#include "gateway/routes/routes.h"

#include <memory>

#include "gateway/openapi.h"

namespace mps::gateway {

void add_document_routes(Routes& routes, const RouteContext& context) {
  auto document = std::make_shared<std::string>();
  routes.push_back({
      .method = "GET",
      .path = "/openapi.json",
      .tag = "hub",
      .summary = "This document",
      .answers = {{200, "OpenAPI 3.1", "application/json",
                   [](Schemas&) {
                     return boost::json::object{{"type", "object"}};
                   }}},
      .handle =
          [document](const Call&, const Reply& reply) {
            Response response;
            response.content_type = "application/json";
            response.body = *document;
            reply(std::move(response));
          },
  });
  *document = openapi_document(routes, context.version);
}

Routes make_routes(const RouteContext& context) {
  Routes routes;
  add_ingest_routes(routes, context);
  add_server_routes(routes, context);
  add_metric_routes(routes, context);
  add_picture_routes(routes, context);
  add_rule_routes(routes, context);
  add_incident_routes(routes, context);
  add_muting_routes(routes, context);
  add_people_routes(routes, context);
  add_chat_routes(routes, context);
  add_token_routes(routes, context);
  add_prometheus_routes(routes, context);
  add_system_routes(routes, context);
  add_update_routes(routes, context);
  add_page_routes(routes);
  add_document_routes(routes, context);
  return routes;
}

}  // namespace mps::gateway
