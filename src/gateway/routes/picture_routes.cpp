#include <fmt/format.h>

#include "base/text.h"
#include "gateway/routes/reading.h"
#include "gateway/routes/routes.h"

namespace mps::gateway {
namespace {

Response file_response(std::string content_type, std::string content) {
  Response response;
  response.content_type = std::move(content_type);
  response.body = std::move(content);
  return response;
}

// A file is described by its type alone.
RouteAnswer file_answer(std::string_view description, std::string_view content_type) {
  return {200, description, content_type, [](Schemas&) {
            return boost::json::object{{"type", "string"}, {"format", "binary"}};
          }};
}

Result<Response> show_chart(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const Resource* resource, resource_of(call));
  MPS_TRY(const Duration span, parse_duration(call.query.find("span").value_or("24h")));
  if (span < std::chrono::minutes(1) || span > std::chrono::days(5 * 366))
    return Error{ErrorCode::kInvalidArgument, "span must be between 1m and five years"};
  MPS_TRY(std::string png, hub.pictures().graph(server, *resource, span));
  return file_response("image/png", std::move(png));
}

Result<Response> show_forecast_picture(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const Resource* resource, resource_of(call));
  MPS_TRY(const Duration horizon, parse_duration(call.query.find("horizon").value_or("24h")));
  if (horizon != forecast::kHour && horizon != forecast::kDay)
    return Error{ErrorCode::kInvalidArgument, "horizon must be 1h or 24h"};
  MPS_TRY(auto picture, hub.pictures().forecast(server, *resource, horizon));
  return file_response("image/png", std::move(picture.png));
}

Result<service::ReportOptions> report_options(service::Hub& hub, const Call& call) {
  service::ReportOptions options{call.query.get("date"), call.query.find("language").value_or("en"),
                                 hub.options().zone};
  if (const auto zone = call.query.find("zone")) {
    MPS_TRY(options.zone, TimeZone::find(*zone));
  }
  const std::string paper = call.query.find("paper").value_or("a4");
  if (paper != "a4" && paper != "letter") return Error{ErrorCode::kInvalidArgument, "paper must be a4 or letter"};
  options.letter = paper == "letter";
  return options;
}

Result<Response> show_report(service::Hub& hub, const Call& call) {
  MPS_TRY(const service::Server server, hub.servers().find(call.path_values[0]));
  MPS_TRY(const auto options, report_options(hub, call));
  MPS_TRY(auto report, hub.reports().of_server(server, options));
  return file_response("application/pdf", std::move(report.pdf));
}

Result<Response> show_fleet_report(service::Hub& hub, const Call& call) {
  MPS_TRY(const auto options, report_options(hub, call));
  MPS_TRY(auto report, hub.reports().of_fleet(options));
  return file_response("application/pdf", std::move(report.pdf));
}

std::vector<RouteParameter> report_parameters(bool of_server) {
  std::vector<RouteParameter> all = {
      {.name = "date", .description = "a local day; the default is yesterday", .example = "2026-11-25"},
      {.name = "zone", .description = "whose day it is; the default is the hub's", .example = "Europe/Berlin"},
      {.name = "language", .description = "en (the default) or ru", .example = "en"},
      {.name = "paper", .description = "a4 (the default) or letter", .example = "a4"}};
  if (of_server) all.insert(all.begin(), kServerName);
  return all;
}

const RouteParameter kResource{
    .name = "resource", .required = true, .description = "cpu, ram, disk, net_rx, net_tx ...", .example = "cpu"};

}  // namespace

void add_picture_routes(Routes& routes, const RouteContext& context) {
  service::Hub& hub = context.hub;
  routes.push_back(
      reading("/api/v1/servers/{name}/chart.png", "A resource of a server as a picture",
              {kServerName, kResource, {.name = "span", .description = "24h is the default", .example = "24h"}},
              with_refusals(file_answer("1280x720 pixels", "image/png")),
              [&hub](const Call& call) { return show_chart(hub, call); }));
  routes.push_back(
      reading("/api/v1/servers/{name}/forecast.png", "A forecast as a picture, with its 80 % band",
              {kServerName, kResource, {.name = "horizon", .description = "1h or 24h (the default)", .example = "24h"}},
              with_refusals(file_answer("1280x720 pixels", "image/png")),
              [&hub](const Call& call) { return show_forecast_picture(hub, call); }));
  routes.push_back(reading("/api/v1/servers/{name}/report.pdf", "The daily report of a server", report_parameters(true),
                           with_refusals(file_answer("At most two pages", "application/pdf")),
                           [&hub](const Call& call) { return show_report(hub, call); }));
  routes.push_back(reading("/api/v1/report.pdf", "The daily report of all servers", report_parameters(false),
                           with_refusals(file_answer("One line a server", "application/pdf")),
                           [&hub](const Call& call) { return show_fleet_report(hub, call); }));
}

}  // namespace mps::gateway
