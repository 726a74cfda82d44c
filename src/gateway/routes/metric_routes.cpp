#include <cmath>
#include <fmt/format.h>

#include "gateway/api_servers.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"
#include "service/server_backtest.h"
#include "service/transfer.h"

namespace mps::gateway {
namespace {

constexpr Duration kDayBack = std::chrono::hours(24);
constexpr size_t kValuesMax = 2'000'000;  // of one answer: some 20 MB
constexpr size_t kExportBytesMax = 64 << 20;

Aggregate aggregate_named(const std::optional<std::string>& name) {
  if (name == "min") return Aggregate::kMin;
  if (name == "max") return Aggregate::kMax;
  return name == "last" ? Aggregate::kLast : Aggregate::kMean;
}

std::vector<std::optional<double>> nullable(const std::vector<double>& values) {
  std::vector<std::optional<double>> out;
  out.reserve(values.size());
  for (const double v : values) out.push_back(std::isfinite(v) ? std::optional(v) : std::nullopt);
  return out;
}

Result<Response> show_metrics(service::Hub& hub, const Call& call, const api::MetricsQuery& query) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const Resource* resource, resource_named(query.resource));
  MPS_TRY(const TimeRange range, range_between(query.from, query.to, kDayBack, hub.clock().now()));
  MPS_TRY(const Duration step, step_for(range, query.step));
  MPS_TRY(const Frame frame, hub.query().frame_of(server.id, *resource, range, step, aggregate_named(query.aggregate)));
  const Grid grid = Grid::covering(range, step);
  api::Metrics out{server.name,
                   std::string(resource->name),
                   std::string(resource->title),
                   std::string(unit_name(resource->unit)),
                   {grid.start},
                   {grid.end()},
                   seconds_of(grid.step),
                   {}};
  for (const Column& column : frame.columns) out.columns.push_back({column.name, nullable(column.values)});
  return json_response(out);
}

struct Wanted {
  std::vector<service::Server> servers;
  std::vector<const Resource*> resources;
};

Result<Wanted> wanted_of(service::Hub& hub, const api::SeveralMetricsQuery& query) {
  Wanted wanted;
  for (const std::string& name : query.server) {
    MPS_TRY(wanted.servers.emplace_back(), hub.servers().find(name));
  }
  if (query.server.empty()) wanted.servers = hub.servers().list();
  if (query.resource.empty())
    return Error{ErrorCode::kInvalidArgument, "say at least one resource, such as resource=cpu"};
  for (const std::string& name : query.resource) {
    MPS_TRY(wanted.resources.emplace_back(), resource_named(name));
  }
  return wanted;
}

Result<Response> show_several(service::Hub& hub, const api::SeveralMetricsQuery& query) {
  MPS_TRY(const Wanted wanted, wanted_of(hub, query));
  MPS_TRY(const TimeRange range, range_between(query.from, query.to, kDayBack, hub.clock().now()));
  MPS_TRY(const Duration step, step_for(range, query.step));
  const Grid grid = Grid::covering(range, step);
  if (wanted.servers.size() * wanted.resources.size() * grid.size > kValuesMax) {
    return Error{ErrorCode::kLimitExceeded,
                 fmt::format("{} servers times {} resources times {} steps are over {} values: ask for fewer",
                             wanted.servers.size(), wanted.resources.size(), grid.size, kValuesMax)};
  }
  api::SeveralMetrics out{{grid.start}, {grid.end()}, seconds_of(step), query.aggregate.value_or("mean"), {}};
  for (const service::Server& server : wanted.servers) {
    for (const Resource* resource : wanted.resources) {
      MPS_TRY(const Frame frame,
              hub.query().frame_of(server.id, *resource, range, step, aggregate_named(query.aggregate)));
      for (const Column& column : frame.columns) {
        out.series.push_back({server.name, std::string(resource->name), std::string(unit_name(resource->unit)),
                              column.name, nullable(column.values)});
      }
    }
  }
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
                    .step_seconds = seconds_of(p.step),
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

Duration horizon_of(const api::HorizonQuery& query) {
  return query.horizon == "1h" ? forecast::kHour : forecast::kDay;
}

Result<Response> show_forecast(service::Hub& hub, const Call& call, const api::HorizonQuery& query) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const auto views, hub.forecasts().forecast(server.id, horizon_of(query)));
  api::Forecasts out{server.name, seconds_of(horizon_of(query)), std::nullopt, {}};
  if (const auto trained = hub.forecasts().trained_at(server.id)) out.trained_at = Rfc3339{*trained};
  for (const service::ForecastView& view : views) out.forecasts.push_back(forecast_of(view.prediction));
  return json_response(out);
}

Result<Response> run_backtest(const RouteContext& context, const Call& call, const api::HorizonQuery& query) {
  service::Hub& hub = context.hub;
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const auto scores, service::backtest_server(hub.forecasts(), server, horizon_of(query), context.stopping));
  api::Backtest out{server.name, seconds_of(horizon_of(query)), {}};
  for (const service::BacktestOfResource& one : scores) {
    api::BacktestSeries& series = out.series.emplace_back(api::BacktestSeries{one.resource, one.shown, {}});
    for (const service::BacktestMethod& m : one.methods)
      series.methods.push_back({m.method, m.mae, m.rmse, m.mase, m.coverage80, m.points});
  }
  return json_response(out);
}

Result<Response> export_csv(service::Hub& hub, const Call& call, const api::ExportQuery& query) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const TimeRange range, range_between(query.from, query.to, kDayBack, hub.clock().now()));
  std::string csv;
  bool too_large = false;
  MPS_TRY_VOID(
      service::export_server(hub.store(), server, range, service::ExportFormat::kCsv, [&](std::string_view piece) {
        too_large = too_large || csv.size() + piece.size() > kExportBytesMax;
        if (!too_large) csv += piece;
      }));
  if (too_large) {
    return Error{ErrorCode::kLimitExceeded,
                 fmt::format("this stretch of time is over {} bytes: ask for a shorter one", kExportBytesMax)};
  }
  Response response = file_response("text/csv; charset=utf-8", std::move(csv));
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"export.csv\"");
  return response;
}

Route lasting(Route route) {
  route.takes_long = true;
  return route;
}

}  // namespace

void add_metric_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  const RouteAnswer too_little = refused(409, "Too little history: how much there is, and how much is needed");
  routes.push_back(api_get<api::MetricsQuery>(
      {"GET", "/api/v1/servers/{name}/metrics", "metrics", "A resource of a server over time"},
      {json_answer<api::Metrics>("One column per instance"), no_such_server()},
      [&hub](const Call& call, const api::MetricsQuery& query) { return show_metrics(hub, call, query); }));
  routes.push_back(api_get<api::SeveralMetricsQuery>(
      {"GET", "/api/v1/metrics", "metrics", "Resources of servers over time, on one grid"},
      {json_answer<api::SeveralMetrics>("One series per server, resource and instance"), no_such_server()},
      [&hub](const Call&, const api::SeveralMetricsQuery& query) { return show_several(hub, query); }));
  routes.push_back(lasting(api_get<api::ExportQuery>(
      {"GET", "/api/v1/servers/{name}/export.csv", "metrics", "Everything stored of a server, as it came"},
      {file_answer("Columns time, measurement, tags, field, value", "text/csv; charset=utf-8"), no_such_server()},
      [&hub](const Call& call, const api::ExportQuery& query) { return export_csv(hub, call, query); })));
  routes.push_back(api_get<api::HorizonQuery>(
      {"GET", "/api/v1/servers/{name}/forecast", "forecasts",
       "Forecasts of a server's resources, with how good the method was lately"},
      {json_answer<api::Forecasts>("One forecast per resource"), no_such_server(), too_little},
      [&hub](const Call& call, const api::HorizonQuery& query) { return show_forecast(hub, call, query); }));
  routes.push_back(lasting(api_get<api::HorizonQuery>(
      {"GET", "/api/v1/servers/{name}/backtest", "forecasts",
       "How good forecasts would have been on the last quarter of a server's history; takes seconds to a minute",
       service::Role::kOperator},
      {json_answer<api::Backtest>("The model beside simple methods"), no_such_server(), too_little},
      [context](const Call& call, const api::HorizonQuery& query) { return run_backtest(context, call, query); })));
}

}  // namespace mps::gateway
