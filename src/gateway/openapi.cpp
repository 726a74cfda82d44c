#include "gateway/openapi.h"

#include <algorithm>

namespace mps::gateway {
namespace {

namespace json = boost::json;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// "get_api_v1_servers_name_status"
std::string operation_id(const Route& route) {
  std::string id = lower(route.method);
  bool gap = true;
  for (const char c : route.path) {
    if (!std::isalnum(static_cast<unsigned char>(c))) {
      gap = true;
      continue;
    }
    if (std::exchange(gap, false)) id += '_';
    id += c;
  }
  return id;
}

json::object parameter_json(const RouteParameter& p) {
  const bool in_path = p.in == RouteParameter::In::kPath;
  json::object out{{"name", p.name},
                   {"in", in_path ? "path" : "query"},
                   {"required", in_path || p.required},
                   {"schema", json::object{{"type", p.type}}}};
  if (!p.description.empty()) out["description"] = p.description;
  if (!p.example.empty()) out["example"] = p.example;
  return out;
}

json::object answer_json(const RouteAnswer& answer, Schemas& schemas) {
  json::object out{{"description", answer.description}};
  if (!answer.content_type.empty()) {
    json::object schema = answer.schema ? answer.schema(schemas) : json::object{{"type", "string"}};
    out["content"] = json::object{{answer.content_type, json::object{{"schema", std::move(schema)}}}};
  }
  return out;
}

json::array security_of(Access access) {
  switch (access) {
    case Access::kEveryone:
      return {};
    case Access::kReader:
      return {json::object{{"readToken", json::array()}}, json::object()};
    case Access::kIngest:
      return {json::object{{"ingestToken", json::array()}}, json::object{{"ingestPassword", json::array()}}};
  }
  return {};
}

json::object operation_json(const Route& route, Schemas& schemas) {
  json::object out{{"operationId", operation_id(route)},
                   {"tags", json::array{route.tag}},
                   {"summary", route.summary},
                   {"security", security_of(route.access)}};
  json::array parameters;
  for (const RouteParameter& p : route.parameters) parameters.push_back(parameter_json(p));
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (route.body) {
    json::object content;
    for (const std::string_view type : route.body->content_types)
      content[type] = json::object{{"schema", json::object{{"type", "string"}}}};
    out["requestBody"] =
        json::object{{"description", route.body->description}, {"required", true}, {"content", std::move(content)}};
  }
  json::object responses;
  for (const RouteAnswer& a : route.answers) responses[std::to_string(a.status)] = answer_json(a, schemas);
  out["responses"] = std::move(responses);
  return out;
}

json::object security_schemes() {
  const auto scheme = [](std::string_view type, std::string_view description) {
    return json::object{{"type", "http"}, {"scheme", type}, {"description", description}};
  };
  return {{"readToken", scheme("bearer", "the read token of the hub; needed where one is configured")},
          {"ingestToken",
           json::object{{"type", "apiKey"},
                        {"in", "header"},
                        {"name", "Authorization"},
                        {"description", "'Token X' or 'Bearer X', where X is the token of a server or of a fleet"}}},
          {"ingestPassword", scheme("basic", "the token as the password; the user name is ignored")}};
}

}  // namespace

std::string openapi_document(std::span<const Route> routes, std::string_view version) {
  Schemas schemas;
  json::object paths;
  for (const Route& route : routes) {
    if (route.tag.empty()) continue;
    json::value& item = paths.emplace(route.path, json::object()).first->value();
    item.as_object()[lower(route.method)] = operation_json(route, schemas);
  }
  const json::object document{
      {"openapi", "3.1.0"},
      {"info", json::object{{"title", "MPS hub"},
                            {"version", version},
                            {"description",
                             "Monitoring and prediction of servers: samples in, figures, forecasts and "
                             "health out. Times are RFC 3339 in UTC."},
                            {"license", json::object{{"name", "MIT"}, {"identifier", "MIT"}}}}},
      {"servers", json::array{json::object{{"url", "/"}}}},
      {"paths", std::move(paths)},
      {"components", json::object{{"schemas", std::move(schemas)}, {"securitySchemes", security_schemes()}}}};
  return json::serialize(document);
}

}  // namespace mps::gateway
