#include <cmath>
#include <fmt/format.h>

#include "base/text.h"
#include "gateway/api_types.h"
#include "gateway/routes/reading.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

constexpr auto kSilentAfter = std::chrono::minutes(2);
constexpr int64_t kPointsMax = 11'000;
constexpr int64_t kPointsUsual = 300;

double seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}

api::ServerEntry entry_of(service::Hub& hub, const service::Server& server, std::optional<Timestamp> last_seen) {
  api::ServerEntry entry{server.name, "new", std::nullopt, {server.created_at}};
  if (last_seen) {
    entry.state = *last_seen + kSilentAfter < hub.clock().now() ? "silent" : "up";
    entry.last_seen = Rfc3339{*last_seen};
  }
  return entry;
}

Result<Response> list_servers(service::Hub& hub) {
  api::ServerList list{{hub.clock().now()}, {}};
  for (const service::Server& server : hub.servers().list())
    list.servers.push_back(entry_of(hub, server, hub.store().last_seen(server.id)));
  return json_response(list);
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

}  // namespace

Result<const Resource*> resource_of(const Call& call) {
  const std::string name = call.query.get("resource");
  if (const Resource* resource = find_resource(name)) return resource;
  std::string known;
  for (const Resource& r : resources()) known += (known.empty() ? "" : ", ") + std::string(r.name);
  return Error{ErrorCode::kInvalidArgument, fmt::format("resource '{}' is none of: {}", name, known)};
}

namespace {

// RFC 3339, seconds since 1970, or "-24h" before now.
Result<Timestamp> time_of(const Call& call, std::string_view parameter, Timestamp otherwise, Timestamp now) {
  const auto text = call.query.find(parameter);
  if (!text) return otherwise;
  if (text->starts_with('-')) {
    MPS_TRY(const Duration ago, parse_duration(std::string_view(*text).substr(1)));
    return now - ago;
  }
  return parse_time(*text);
}

// A step that people like, for about kPointsUsual points.
Duration usual_step(Duration length) {
  using namespace std::chrono_literals;
  for (const Duration step : {Duration(10s), Duration(30s), Duration(1min), Duration(5min), Duration(15min),
                              Duration(30min), Duration(1h), Duration(3h), Duration(6h), Duration(12h)})
    if (length / step <= kPointsUsual) return step;
  return 24h;
}

Result<std::pair<TimeRange, Duration>> range_and_step(const Call& call, Timestamp now) {
  MPS_TRY(const Timestamp to, time_of(call, "to", now, now));
  MPS_TRY(const Timestamp from, time_of(call, "from", to - std::chrono::hours(24), now));
  if (from >= to) return Error{ErrorCode::kInvalidArgument, "from must lie before to"};
  Duration step = usual_step(to - from);
  if (const auto text = call.query.find("step"); text) {
    MPS_TRY(step, parse_duration(*text));
  }
  if (step < std::chrono::seconds(1)) return Error{ErrorCode::kInvalidArgument, "step must be at least 1s"};
  if ((to - from) / step >= kPointsMax) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} in steps of {} are over {} points: ask for a longer step or a shorter range",
                             format_duration(to - from), format_duration(step), kPointsMax)};
  }
  return std::pair(TimeRange{from, to}, step);
}

std::vector<std::optional<double>> nullable(const std::vector<double>& values) {
  std::vector<std::optional<double>> out;
  out.reserve(values.size());
  for (const double v : values) out.push_back(std::isfinite(v) ? std::optional(v) : std::nullopt);
  return out;
}

Result<Response> show_metrics(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const Resource* resource, resource_of(call));
  MPS_TRY(const auto asked, range_and_step(call, hub.clock().now()));
  MPS_TRY(const Frame frame, hub.query().frame(server.id, *resource, asked.first, asked.second));
  const Grid grid = Grid::covering(asked.first, asked.second);
  api::Metrics out{server.name,
                   std::string(resource->name),
                   std::string(resource->title),
                   std::string(unit_name(resource->unit)),
                   {grid.start},
                   {grid.end()},
                   seconds(grid.step),
                   {}};
  for (const Column& column : frame.columns) out.columns.push_back({column.name, nullable(column.values)});
  return json_response(out);
}

api::Score score_of(const std::string& method, const forecast::Score& s) {
  return {method, s.mae, s.rmse, s.mase, s.coverage80, s.count};
}

api::Forecast forecast_of(const forecast::Prediction& p) {
  const std::string resource_name = p.resource.substr(0, p.resource.find(':'));
  const Resource* resource = find_resource(resource_name);
  api::Forecast out{.resource = p.resource,
                    .title = resource ? std::string(resource->title) : p.resource,
                    .unit = resource ? std::string(unit_name(resource->unit)) : "",
                    .origin = {p.origin},
                    .step_seconds = seconds(p.step),
                    .p10 = {},
                    .p50 = {},
                    .p90 = {},
                    .method = p.method,
                    .score = score_of(p.method, p.score),
                    .seasonal_naive = score_of("seasonal naive (day)", p.seasonal_naive),
                    .note = p.note};
  for (const forecast::Quantiles& q : p.steps) {
    out.p10.push_back(q.p10);
    out.p50.push_back(q.p50);
    out.p90.push_back(q.p90);
  }
  return out;
}

Result<Response> show_forecast(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const Duration horizon, parse_duration(call.query.find("horizon").value_or("24h")));
  if (horizon != forecast::kHour && horizon != forecast::kDay)
    return Error{ErrorCode::kInvalidArgument, "horizon must be 1h or 24h"};
  MPS_TRY(const auto views, hub.forecasts().forecast(server.id, horizon));
  api::Forecasts out{server.name, seconds(horizon), std::nullopt, {}};
  if (const auto trained = hub.forecasts().trained_at(server.id)) out.trained_at = Rfc3339{*trained};
  for (const service::ForecastView& view : views) out.forecasts.push_back(forecast_of(view.prediction));
  return json_response(out);
}

std::vector<RouteParameter> metrics_parameters() {
  return {kServerName,
          {.name = "resource", .required = true, .description = "cpu, ram, disk, net_rx, net_tx ...", .example = "cpu"},
          {.name = "from",
           .description = "RFC 3339, seconds since 1970, or -24h before now (the default)",
           .example = "-24h"},
          {.name = "to", .description = "like from; the default is now"},
          {.name = "step",
           .description = "of the grid, aligned to 1970; the default gives some 300 points",
           .example = "5m"}};
}

std::vector<RouteAnswer> forecast_answers() {
  auto answers = with_refusals(json_answer<api::Forecasts>("One forecast per resource"));
  answers.push_back(refused(409, "Too little history: how much there is, and how much is needed"));
  return answers;
}

}  // namespace

void add_server_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  routes.push_back(reading("/api/v1/servers", "The servers and whether they are heard of", {},
                           {json_answer<api::ServerList>("All servers"), refused(401, "The read token is missing"),
                            refused(403, "Reading is for programs on the hub's machine alone")},
                           [&hub](const Call&) { return list_servers(hub); }));
  routes.push_back(reading("/api/v1/servers/{name}/status", "What a server reads now", {kServerName},
                           with_refusals(json_answer<api::ServerStatus>("Its newest values")),
                           [&hub](const Call& call) { return show_status(hub, call); }));
  routes.push_back(reading("/api/v1/servers/{name}/metrics", "A resource of a server over time", metrics_parameters(),
                           with_refusals(json_answer<api::Metrics>("One column per instance")),
                           [&hub](const Call& call) { return show_metrics(hub, call); }));
  routes.push_back(reading(
      "/api/v1/servers/{name}/forecast", "Forecasts of a server's resources, with how good the method was lately",
      {kServerName, {.name = "horizon", .description = "1h or 24h (the default)", .example = "24h"}},
      forecast_answers(), [&hub](const Call& call) { return show_forecast(hub, call); }));
}

}  // namespace mps::gateway
