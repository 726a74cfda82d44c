#include "gateway/declare.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace mps::gateway {
namespace {

struct PathDoc {
  std::string_view name, meaning, example;
  bool number = false;
};

constexpr PathDoc kPathDocs[] = {
    {"name", "of the server", "web-01"},      {"token", "the name of the token", "grafana"},
    {"id", "its number", "1", true},          {"chat", "the number of the chat", "1001", true},
    {"person", "their number", "1001", true},
};

const PathDoc& path_doc(std::string_view name) {
  const auto found =
      std::find_if(std::begin(kPathDocs), std::end(kPathDocs), [&](const auto& d) { return d.name == name; });
  return found == std::end(kPathDocs) ? kPathDocs[0] : *found;
}

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::vector<RouteParameter> path_parameters(std::string_view path) {
  std::vector<RouteParameter> parameters;
  for (size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    const std::string_view name = path.substr(open + 1, path.find('}', open) - open - 1);
    const PathDoc& doc = path_doc(name);
    boost::json::object schema{{"type", doc.number ? "integer" : "string"}};
    if (doc.number) schema["format"] = "int64";
    parameters.push_back({.name = name,
                          .in = RouteParameter::In::kPath,
                          .required = true,
                          .description = doc.meaning,
                          .example = doc.example,
                          .schema = std::move(schema)});
  }
  return parameters;
}

std::optional<Response> refuse_path(const Route& route, const Call& call) {
  for (size_t i = 0; i < call.path_values.size() && i < route.parameters.size(); ++i) {
    const std::string place = fmt::format("path: {}", route.parameters[i].name);
    const bool number = route.parameters[i].schema.at("type") == "integer";
    if (number && !whole_number(call.path_values[i])) return problem(400, "must be a whole number", place);
    if (valid_utf8(call.path_values[i]) != call.path_values[i]) return problem(400, "must be UTF-8", place);
  }
  return std::nullopt;
}

int64_t number_in_path(const Call& call, size_t index) {
  return whole_number(call.path_values[index]).value_or(0);
}

Response no_content() {
  return {.status = 204};
}

namespace declare_detail {

Route plain_route(const ApiRoute& declared, std::vector<RouteAnswer> answers) {
  return {.method = declared.method,
          .path = declared.path,
          .tag = declared.tag,
          .summary = declared.summary,
          .access = Access::kRole,
          .role = declared.role,
          .takes_time = true,
          .parameters = path_parameters(declared.path),
          .answers = std::move(answers)};
}

std::optional<Response> refuse_body(const Request& request) {
  const std::string_view type = request.header("Content-Type");
  if (!type.empty() && !equal_ignoring_case(type.substr(0, type.find(';')), "application/json"))
    return problem(415, "send the body as application/json", "header: Content-Type");
  if (request.body.size() > kBodyBytesUsual)
    return problem(
        413, fmt::format("the body has {} bytes; at most {} are taken here", request.body.size(), kBodyBytesUsual),
        "body");
  return std::nullopt;
}

Response to_problem(const InputFault& fault) {
  return problem(fault.status, fault.what, fault.where);
}

}  // namespace declare_detail
}  // namespace mps::gateway
