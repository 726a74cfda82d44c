#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "app/forecast_output.h"
#include "base/text.h"
#include "service/forecast_views.h"
#include "service/hub.h"

namespace mps::app {
namespace {

struct TrainOptions {
  std::string server;
  bool all = false;
};

struct ForecastOptions {
  std::string server;
  std::string resource = "cpu";
  std::string horizon = "24h";
  std::string png;
  bool json = false;
};

Result<void> run_train(service::Hub& hub, Terminal& terminal, const TrainOptions& options) {
  if (!options.all) {
    MPS_TRY(const service::Server server, hub.servers().find(options.server));
    MPS_TRY_VOID(hub.forecasts().train(server.id, terminal.stop()));
    terminal.out(fmt::format("{}\ttrained\n", server.name));
    return {};
  }
  const auto tell = [&](const service::TrainingProgress& progress, const std::string& server,
                        const Result<void>& outcome) {
    terminal.out(fmt::format("{}/{}\t{}\t{}\n", progress.done, progress.servers, server,
                             outcome ? "trained" : outcome.error().message));
  };
  const auto round = hub.trainer().train_all(terminal.stop(), tell);
  if (terminal.stop().stop_requested()) return Error{ErrorCode::kUnavailable, "the training was stopped"};
  if (round.failed > 0)
    return Error{ErrorCode::kInternal,
                 fmt::format("{} of {} trainings failed", round.failed, round.failed + round.trained)};
  return {};
}

Result<void> run_forecast(service::Hub& hub, Terminal& terminal, const ForecastOptions& options) {
  MPS_TRY(const service::Server server, hub.servers().find(options.server));
  MPS_TRY(const Duration horizon, parse_duration(options.horizon));
  const Resource* resource = find_resource(options.resource);
  if (resource == nullptr)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is not a resource; try cpu, ram, disk, net_rx, net_tx or load", options.resource)};
  if (!options.png.empty()) {
    MPS_TRY(const service::ReportWords* words, service::report_words("en"));
    MPS_TRY(const auto picture, service::draw_forecast(hub.query(), hub.forecasts(),
                                                       {server, resource, hub.options().zone, words}, horizon));
    MPS_TRY_VOID(terminal.write_file(options.png, picture.png));
  }
  MPS_TRY(const auto views, hub.forecasts().forecast(server.id, horizon));
  terminal.out(options.json ? forecast_json(server.name, views) : forecast_text(views));
  return {};
}

}  // namespace

void declare_train(CLI::App& parent, Invocation& invocation) {
  CLI::App* command = add_command(parent, invocation, "train", "Retrain models now, on the stored history");
  const auto options = std::make_shared<TrainOptions>();
  CLI::Option* server = command->add_option("--server", options->server, "The server's name");
  CLI::Option* all = command->add_flag("--all", options->all, "Every server");
  server->excludes(all);
  command->callback([&invocation, options] {
    if (options->server.empty() && !options->all) throw CLI::RequiredError("--server NAME or --all");
    invocation.run_on_hub = [options](service::Hub& hub, Terminal& terminal) {
      return run_train(hub, terminal, *options);
    };
  });
}

void declare_forecast(CLI::App& parent, Invocation& invocation) {
  CLI::App* command =
      add_command(parent, invocation, "forecast", "What a server will do, with the error of the method that says so");
  const auto options = std::make_shared<ForecastOptions>();
  command->add_option("--server", options->server, "The server's name")->required();
  command->add_option("--horizon", options->horizon, "1h or 24h")->capture_default_str();
  command->add_option("--resource", options->resource, "Of the picture")->capture_default_str();
  command->add_option("--png", options->png, "Also draw it into this file")->type_name("FILE");
  command->add_flag("--json", options->json, "For programs");
  command->callback([&invocation, options] {
    invocation.run_on_hub = [options](service::Hub& hub, Terminal& terminal) {
      return run_forecast(hub, terminal, *options);
    };
  });
}

}  // namespace mps::app
