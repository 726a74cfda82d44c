#include "base/text.h"
#include "gateway/api_servers.h"
#include "gateway/routes/asking.h"
#include "gateway/routes/routes.h"
#include "service/forecast_views.h"
#include "service/graphs.h"

namespace mps::gateway {
namespace {

Result<Response> show_chart(service::Hub& hub, const Call& call, const api::ChartQuery& query) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const Resource* resource, resource_named(query.resource));
  const Duration span = query.span ? query.span->length : std::chrono::hours(24);
  if (span < std::chrono::minutes(1) || span > std::chrono::days(5 * 366))
    return Error{ErrorCode::kInvalidArgument, "span must be between 1m and five years"};
  const Timestamp now = hub.clock().now();
  MPS_TRY(const service::ReportWords* words, service::report_words("en"));
  MPS_TRY(std::string png,
          service::draw_graph(hub.query(), {{server}, {resource}, {now - span, now}, hub.options().zone, words}));
  return file_response("image/png", std::move(png));
}

Result<Response> show_forecast_picture(service::Hub& hub, const Call& call, const api::ForecastPictureQuery& query) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const Resource* resource, resource_named(query.resource));
  const Duration horizon = query.horizon == "1h" ? forecast::kHour : forecast::kDay;
  MPS_TRY(const service::ReportWords* words, service::report_words("en"));
  MPS_TRY(auto picture,
          service::draw_forecast(hub.query(), hub.forecasts(), {server, resource, hub.options().zone, words}, horizon));
  return file_response("image/png", std::move(picture.png));
}

Result<TimeZone> zone_named(service::Hub& hub, const std::optional<std::string>& name) {
  return name ? TimeZone::find(*name) : Result<TimeZone>(hub.options().zone);
}

Result<Response> show_graph(service::Hub& hub, const api::GraphQuery& query) {
  if (query.server.empty() || query.resource.empty())
    return Error{ErrorCode::kInvalidArgument, "say at least one server and one resource"};
  service::GraphOrder order;
  for (const std::string& name : query.server) {
    MPS_TRY(order.servers.emplace_back(), hub.servers().find(name));
  }
  for (const std::string& name : query.resource) {
    MPS_TRY(order.resources.emplace_back(), resource_named(name));
  }
  MPS_TRY(order.range, range_between(query.from, query.to, std::chrono::hours(24), hub.clock().now()));
  if (order.range.to - order.range.from < std::chrono::minutes(1))
    return Error{ErrorCode::kInvalidArgument, "a graph shows at least a minute"};
  MPS_TRY(order.zone, zone_named(hub, query.zone));
  MPS_TRY(order.words, service::report_words(query.language.value_or("en")));
  MPS_TRY(std::string png, service::draw_graph(hub.query(), order));
  return file_response("image/png", std::move(png));
}

Result<service::ReportOptions> report_options(service::Hub& hub, const api::ReportQuery& query) {
  service::ReportOptions options{query.date.value_or(""), query.language.value_or("en")};
  MPS_TRY(options.zone, zone_named(hub, query.zone));
  options.letter = query.paper == "letter";
  return options;
}

Result<Response> show_report(service::Hub& hub, const Call& call, const api::ReportQuery& query) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const auto options, report_options(hub, query));
  MPS_TRY(auto report, hub.reports().of_server(server, options));
  return file_response("application/pdf", std::move(report.pdf));
}

Result<Response> show_fleet_report(service::Hub& hub, const api::ReportQuery& query) {
  MPS_TRY(const auto options, report_options(hub, query));
  MPS_TRY(auto report, hub.reports().of_fleet(options));
  return file_response("application/pdf", std::move(report.pdf));
}

void add_charts(Routes& routes, service::Hub& hub) {
  const RouteAnswer nothing = refused(404, "There is no such server, or it sent nothing of that");
  const RouteAnswer picture = file_answer("1280x720 pixels", "image/png");
  routes.push_back(api_get<api::ChartQuery>(
      {"GET", "/api/v1/servers/{name}/chart.png", "pictures", "A resource of a server as a picture"},
      {picture, nothing},
      [&hub](const Call& call, const api::ChartQuery& query) { return show_chart(hub, call, query); }));
  routes.push_back(api_get<api::GraphQuery>(
      {"GET", "/api/v1/graph.png", "pictures", "Several servers or resources in one picture"}, {picture, nothing},
      [&hub](const Call&, const api::GraphQuery& query) { return show_graph(hub, query); }));
  routes.push_back(api_get<api::ForecastPictureQuery>(
      {"GET", "/api/v1/servers/{name}/forecast.png", "pictures", "A forecast as a picture, with its 80 % band"},
      {picture, nothing, refused(409, "Too little history")},
      [&hub](const Call& call, const api::ForecastPictureQuery& query) {
        return show_forecast_picture(hub, call, query);
      }));
}

}  // namespace

void add_picture_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  add_charts(routes, hub);
  routes.push_back(api_get<api::ReportQuery>(
      {"GET", "/api/v1/servers/{name}/report.pdf", "reports", "The daily report of a server"},
      {file_answer("At most two pages", "application/pdf"), no_such_server()},
      [&hub](const Call& call, const api::ReportQuery& query) { return show_report(hub, call, query); }));
  routes.push_back(api_get<api::ReportQuery>(
      {"GET", "/api/v1/report.pdf", "reports", "The daily report of all servers"},
      {file_answer("One line a server", "application/pdf"), refused(404, "There are no servers")},
      [&hub](const Call&, const api::ReportQuery& query) { return show_fleet_report(hub, query); }));
}

}  // namespace mps::gateway
