#include "gateway/openapi.h"

#include <algorithm>

#include "gateway/api_types.h"

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

// As the schema has it: a number, or one item of a list.
json::value example_of(const RouteParameter& p) {
  const json::value& type = p.schema.at("type");
  if (type == "integer" || type == "number") return json::parse(std::string(p.example));
  if (type == "array") return json::array{p.example};
  return json::string(p.example);
}

json::object parameter_json(const RouteParameter& p) {
  const bool in_path = p.in == RouteParameter::In::kPath;
  json::object out{
      {"name", p.name}, {"in", in_path ? "path" : "query"}, {"required", in_path || p.required}, {"schema", p.schema}};
  if (!p.description.empty()) out["description"] = p.description;
  if (!p.example.empty()) out["example"] = example_of(p);
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

json::array security_of(const Route& route) {
  switch (route.access) {
    case Access::kEveryone:
      return {};
    case Access::kRole:
      if (route.role > service::Role::kViewer) return {json::object{{"apiToken", json::array()}}};
      return {json::object{{"apiToken", json::array()}}, json::object()};
    case Access::kIngest:
      return {json::object{{"ingestToken", json::array()}}, json::object{{"ingestPassword", json::array()}}};
  }
  return {};
}

RouteAnswer problem_answer(int status, std::string_view description) {
  return json_answer<api::Problem>(description, status, "application/problem+json");
}

// And whatever a route with a role may answer besides, without saying so.
std::vector<RouteAnswer> all_answers(const Route& route) {
  std::vector<RouteAnswer> answers = route.answers;
  if (route.access != Access::kRole) return answers;
  const auto add = [&](RouteAnswer answer) {
    const bool said =
        std::any_of(answers.begin(), answers.end(), [&](const auto& a) { return a.status == answer.status; });
    if (!said) answers.push_back(std::move(answer));
  };
  if (route.method == "GET") add({304, "What If-None-Match names is still so"});
  add(problem_answer(400, "A parameter or field is wrong; `where` names it"));
  add(problem_answer(401, "No token was sent, or one that opens nothing"));
  add(problem_answer(403, "The token's role is too low, or reading is for programs on the hub's machine alone"));
  if (route.body) add(problem_answer(413, "The body is too large"));
  if (route.body) add(problem_answer(415, "The body is not application/json"));
  if (route.method == "POST") add(problem_answer(409, "The first request with this Idempotency-Key is under way"));
  add(problem_answer(422, "A limit is passed, or the Idempotency-Key was used for something else"));
  add(problem_answer(429, "Too often: try again after Retry-After seconds"));
  add(problem_answer(503, "Not now: try again after Retry-After seconds"));
  return answers;
}

json::object header_parameter(std::string_view name, std::string_view description, size_t length_max) {
  return {{"name", name},
          {"in", "header"},
          {"required", false},
          {"schema", json::object{{"type", "string"}, {"maxLength", length_max}}},
          {"description", description}};
}

json::object operation_json(const Route& route, Schemas& schemas) {
  json::object out{{"operationId", operation_id(route)},
                   {"tags", json::array{route.tag}},
                   {"summary", route.summary},
                   {"security", security_of(route)}};
  json::array parameters;
  for (const RouteParameter& p : route.parameters) parameters.push_back(parameter_json(p));
  if (route.access == Access::kRole && route.method == "GET")
    parameters.push_back(
        header_parameter("If-None-Match", "the ETag of what you have: 304 where that is still so", 500));
  if (route.access == Access::kRole && route.method == "POST")
    parameters.push_back(header_parameter(
        "Idempotency-Key", "sent again with the same key within a day, it is answered again but not done again", 200));
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  if (route.body) {
    json::object content;
    for (const std::string_view type : route.body->content_types)
      content[type] =
          json::object{{"schema", route.body->schema ? route.body->schema(schemas) : json::object{{"type", "string"}}}};
    json::object body{{"required", true}, {"content", std::move(content)}};
    if (!route.body->description.empty()) body["description"] = route.body->description;
    out["requestBody"] = std::move(body);
  }
  json::object responses;
  for (const RouteAnswer& a : all_answers(route)) responses[std::to_string(a.status)] = answer_json(a, schemas);
  if (route.access == Access::kRole)
    responses["default"] = answer_json(problem_answer(500, "Any other refusal"), schemas);
  out["responses"] = std::move(responses);
  if (route.access == Access::kRole) {
    out["description"] = "Needs the role " + std::string(service::name_of(route.role)) + ".";
    out["x-role"] = service::name_of(route.role);
  }
  return out;
}

json::object security_schemes() {
  const auto scheme = [](std::string_view type, std::string_view description) {
    return json::object{{"type", "http"}, {"scheme", type}, {"description", description}};
  };
  return {{"apiToken", scheme("bearer",
                              "a token from `mps api-token add NAME --role ROLE`, or for looking the hub's read token; "
                              "programs on the hub's own machine may look without one")},
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
