#include <fmt/format.h>
#include <limits>
#include <variant>

#include "gateway/api_types.h"
#include "gateway/ingest_answer.h"
#include "gateway/ingest_token.h"
#include "gateway/routes/routes.h"
#include "service/ingest_body.h"

namespace mps::gateway {
namespace {

constexpr size_t kBodyBytesAny = std::numeric_limits<size_t>::max();  // ServerOptions limits them

const std::string kNoToken =
    "no valid token: send 'Authorization: Token ...' with the token of a server ('mps server add' prints it) or of a "
    "fleet ('mps fleet-token add')";

const std::string kBusy = "too many requests wait for the hub's worker: send again in a moment";

const std::string kReplaying = "the hub has just started and replays its journal: send again in a moment";

bool looks_like_json(const Request& request) {
  const size_t first = request.body.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && (request.body[first] == '{' || request.body[first] == '[')) return true;
  return request.header("Content-Type").find("json") != std::string_view::npos;
}

service::BodyFormat format_of(Dialect dialect, const Request& request) {
  const bool json = dialect == Dialect::kTelegraf && looks_like_json(request);
  return json ? service::BodyFormat::kTelegrafJson : service::BodyFormat::kLineProtocol;
}

// Whom the token speaks for.
Result<service::IngestIdentity> identify(const service::Servers& servers, const std::string& token,
                                         ConnectionMemory* memory) {
  if (memory == nullptr) return servers.authenticate(token);
  const auto who = servers.authenticate_hash(hash_of(token, *memory));
  memory->token_was_good = who.has_value();
  return who;
}

// Whom a request speaks for, or the refusal: what its header alone decides.
std::variant<service::IngestIdentity, Response> sender_of(const RouteContext& context, Dialect dialect,
                                                          const Call& call) {
  service::Hub& hub = context.hub;
  const auto token = dialect == Dialect::kInfluxV1 ? token_in_headers_or_query(call.request, call.query)
                                                   : token_in_headers(call.request);
  if (!token) return refusal(dialect, {ErrorCode::kUnauthenticated, kNoToken});
  const Result<service::IngestIdentity> who = identify(hub.servers(), *token, call.request.memory);
  if (!who) {
    const bool unknown = who.error().code == ErrorCode::kUnauthenticated;
    return refusal(dialect, unknown ? Error{ErrorCode::kUnauthenticated, kNoToken} : who.error());
  }
  if (!hub.store().ready()) return refusal(dialect, {ErrorCode::kUnavailable, kReplaying});
  return *who;
}

// Here and now; where a fleet token names new servers, which means waiting for the catalog, by a worker.
void ingest(const RouteContext& context, Dialect dialect, const Call& call, Reply reply) {
  service::Hub& hub = context.hub;
  auto sender = sender_of(context, dialect, call);
  if (auto* refused = std::get_if<Response>(&sender)) return reply(std::move(*refused));
  service::Ingest::Done done = [dialect, reply = std::move(reply)](Result<service::IngestReport> report) {
    reply(report ? answer_to(dialect, *report) : refusal(dialect, report.error()));
  };
  const auto write = [&hub, who = std::get<service::IngestIdentity>(sender), body = call.request.body,
                      format = format_of(dialect, call.request),
                      precision = call.query.get("precision")](service::Ingest::Done& then, auto waiting) {
    return service::ingest_body(hub.ingest(), who, body, format, precision, then, waiting);
  };
  if (write(done, service::Ingest::Waiting::kNever)) return;
  const bool taken = context.workers.run([write, done]() mutable { write(done, service::Ingest::Waiting::kAllowed); });
  if (!taken) done(Error{ErrorCode::kUnavailable, kBusy});
}

const RouteParameter kPrecision{
    .name = "precision", .description = "of the stamps: ns (the default), us, ms or s", .example = "s"};

std::vector<RouteAnswer> write_answers() {
  return {
      {204, "All points are on disk"},
      json_answer<api::WriteRefusal>(
          "Some points were refused, the others are on disk; or nothing could be read. Sending it again will not help",
          400),
      json_answer<api::WriteRefusal>("No valid token", 401),
      json_answer<api::WriteRefusal>("The body is too large: send smaller batches", 413),
      json_answer<api::WriteRefusal>("A limit of the server is reached; nothing was stored", 422),
      json_answer<api::WriteRefusal>("Not now: send all of it again after Retry-After seconds", 503)};
}

// Telegraf's outputs.influxdb asks for its database before it writes. Here every server has its own place already.
Response answer_query(const Call& call) {
  std::string query = Parameters(call.request.body).get("q");
  if (query.empty()) query = call.query.get("q");
  Response response;
  response.content_type = "application/json";
  if (equal_ignoring_case(std::string_view(query).substr(0, 15), "CREATE DATABASE")) {
    response.body = R"({"results":[{"statement_id":0}]})";
    return response;
  }
  response.status = 400;
  response.body = R"({"error":"CREATE DATABASE is the only query here; figures are at GET /api/v1/servers"})";
  return response;
}

Route query_route(std::string_view method) {
  return {
      .method = method,
      .path = "/query",
      .tag = "ingest",
      .summary = "InfluxDB 1: CREATE DATABASE, which there is no need for",
      .parameters = {{.name = "q", .description = "the query, here or in a form body"}},
      .answers = {{200, "As if the database had been made", "application/json",
                   [](Schemas&) {
                     return boost::json::object{{"type", "object"}};
                   }},
                  {400, "Any other query", "application/json",
                   [](Schemas&) {
                     return boost::json::object{{"type", "object"}};
                   }}},
      .handle = [](const Call& call, const Reply& reply) { reply(answer_query(call)); },
  };
}

}  // namespace

void add_ingest_routes(Routes& routes, const RouteContext& context) {
  const auto writing = [&context](Dialect dialect) {
    return [context, dialect](const Call& call, Reply reply) { ingest(context, dialect, call, std::move(reply)); };
  };
  const auto admitting = [&context](Dialect dialect) {
    return [context, dialect](const Call& call) -> std::optional<Response> {
      auto sender = sender_of(context, dialect, call);
      auto* refused = std::get_if<Response>(&sender);
      return refused == nullptr ? std::nullopt : std::optional(std::move(*refused));
    };
  };
  routes.push_back({
      .method = "POST",
      .path = "/api/v2/write",
      .tag = "ingest",
      .summary = "Write line protocol, as to InfluxDB 2 (bucket and org are ignored: the token decides)",
      .access = Access::kIngest,
      .body_bytes_max = kBodyBytesAny,
      .admit = admitting(Dialect::kInfluxV2),
      .parameters = {kPrecision},
      .body = RouteBody{"Line protocol, plain or packed (Content-Encoding: gzip)", {"text/plain"}},
      .answers = write_answers(),
      .handle = writing(Dialect::kInfluxV2),
  });
  routes.push_back({
      .method = "POST",
      .path = "/write",
      .tag = "ingest",
      .summary = "Write line protocol, as to InfluxDB 1 (db is ignored: the token, sent as the password, decides)",
      .access = Access::kIngest,
      .body_bytes_max = kBodyBytesAny,
      .admit = admitting(Dialect::kInfluxV1),
      .parameters = {kPrecision, {.name = "u", .description = "ignored"}, {.name = "p", .description = "the token"}},
      .body = RouteBody{"Line protocol, plain or packed (Content-Encoding: gzip)", {"text/plain"}},
      .answers = {{204, "All points are on disk"},
                  {400, "Some points were refused, the others are on disk", "application/json",
                   [](Schemas&) {
                     return boost::json::object{{"type", "object"}};
                   }},
                  {401, "No valid token. Plain text, so that Telegraf keeps the batch", "text/plain; charset=utf-8"},
                  {503, "Not now: try again after Retry-After seconds", "text/plain; charset=utf-8"}},
      .handle = writing(Dialect::kInfluxV1),
  });
  routes.push_back({
      .method = "POST",
      .path = "/telegraf",
      .tag = "ingest",
      .summary = "Write what Telegraf's outputs.http sends: JSON or line protocol, told apart by the first byte",
      .access = Access::kIngest,
      .body_bytes_max = kBodyBytesAny,
      .admit = admitting(Dialect::kTelegraf),
      .parameters = {kPrecision},
      .body = RouteBody{"Telegraf's JSON ({\"metrics\": [...]}) or line protocol, plain or packed",
                        {"application/json", "text/plain"}},
      .answers = write_answers(),
      .handle = writing(Dialect::kTelegraf),
  });
  routes.push_back(query_route("GET"));
  routes.push_back(query_route("POST"));
}

}  // namespace mps::gateway
