#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "gateway/api_access.h"
#include "gateway/http_message.h"
#include "gateway/input.h"
#include "gateway/json_text.h"
#include "gateway/problem.h"
#include "gateway/schema.h"
#include "gateway/url.h"

// One declaration of a route parses, validates, authorises, serves and documents it: declare.h makes those of the REST
// API from described structs.
namespace mps::gateway {

inline constexpr size_t kBodyBytesUsual = 64 << 10;

enum class Access {
  kEveryone,
  kRole,    // whoever has Route::role: see ApiAccess
  kIngest,  // Route::admit and the handler check the ingest token, since each protocol says no in its own way
};

// A request as a route sees it.
struct Call {
  const Request& request;
  std::vector<std::string> path_values;  // of {name} in the path, decoded, in order
  Parameters query;
  Caller caller{};  // of a route with a role
};

struct RouteParameter {
  std::string_view name;
  enum class In { kPath, kQuery } in = In::kQuery;
  bool required = false;
  std::string_view description{};
  std::string_view example{};
  boost::json::object schema{{"type", "string"}};
};

struct RouteAnswer {
  int status = 200;
  std::string_view description;
  std::string_view content_type{};                                // "" where there is no body
  std::function<boost::json::object(Schemas&)> schema = nullptr;  // of a JSON body
};

struct RouteBody {
  std::string_view description;
  std::vector<std::string_view> content_types;
  std::function<boost::json::object(Schemas&)> schema = nullptr;  // else it is a text
};

struct Route {
  std::string_view method;
  std::string_view path;  // "/api/v1/servers/{name}/status"
  std::string_view tag;   // the chapter of the documentation
  std::string_view summary;
  Access access = Access::kEveryone;
  service::Role role = service::Role::kViewer;
  bool takes_time = false;  // is handled by a worker, not on the thread that reads sockets
  // Of a route that takes time: it takes none just now, and is handled on the thread that reads sockets.
  std::function<bool()> is_quick = nullptr;
  bool takes_long = false;                  // by one for what may take a minute, so that others need not wait for it
  size_t body_bytes_max = kBodyBytesUsual;  // unpacked; beyond: 413
  // Refuses by the header alone, before a large body is read; the handler decides again.
  std::function<std::optional<Response>(const Call&)> admit = nullptr;
  std::vector<RouteParameter> parameters{};
  std::optional<RouteBody> body{};
  std::vector<RouteAnswer> answers{};
  std::function<void(const Call&, Reply)> handle = nullptr;
};

// A RouteAnswer of 200 with the JSON of a T.
template <class T>
RouteAnswer json_answer(std::string_view description, int status = 200,
                        std::string_view content_type = "application/json") {
  return {status, description, content_type, [](Schemas& named) { return schema_of<T>(named); }};
}

template <class T>
Response json_response(const T& value, int status = 200) {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = to_json_text(boost::json::value_from(value));
  return response;
}

// A handler that answers at once, or fails.
std::function<void(const Call&, Reply)> answering(std::function<Result<Response>(const Call&)> answer);

}  // namespace mps::gateway
