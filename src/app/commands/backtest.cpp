#include "forecast/backtest.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/backtest_output.h"
#include "app/command.h"
#include "base/text.h"
#include "service/backtests.h"
#include "service/hub.h"

namespace mps::app {
namespace {

struct BacktestOptions {
  std::vector<std::string> files;
  std::string server;
  std::vector<std::string> horizons = {"1h", "24h"};
  std::string json, dump;
  uint64_t seed = 1;
};

Result<void> run(const std::vector<forecast::BacktestServer>& servers, const BacktestOptions& options,
                 Terminal& terminal) {
  forecast::BacktestOptions settings;
  settings.seed = options.seed;
  settings.keep_forecasts = !options.dump.empty();
  settings.horizons.clear();
  for (const std::string& horizon : options.horizons) {
    MPS_TRY(settings.horizons.emplace_back(), parse_duration(horizon));
  }
  if (terminal.shows_progress())
    settings.progress = [&](double share) { terminal.err(fmt::format("\r{:3.0f} %", share * 100)); };
  MPS_TRY(const forecast::Backtest result, forecast::backtest(servers, settings));
  if (terminal.shows_progress()) terminal.err("\r      \r");
  terminal.out(backtest_text(result));
  if (!options.json.empty()) MPS_TRY_VOID(terminal.write_file(options.json, backtest_json(result)));
  if (!options.dump.empty()) MPS_TRY_VOID(terminal.write_file(options.dump, forecast::dump_csv(result)));
  return {};
}

Result<void> run_on_files(const BacktestOptions& options, Terminal& terminal) {
  std::vector<forecast::BacktestServer> servers;
  for (const std::string& name : options.files) {
    const auto [file, column] = service::split_file_and_column(name);
    MPS_TRY(const std::string bytes, terminal.read_file(file));
    auto added = service::add_series(servers, file, column, bytes);
    if (!added) return Error{added.error().code, fmt::format("{}: {}", file, added.error().message)};
  }
  return run(servers, options, terminal);
}

Result<void> run_on_server(service::Hub& hub, const BacktestOptions& options, Terminal& terminal) {
  MPS_TRY(const service::Server server, hub.servers().find(options.server));
  MPS_TRY(const Frame history, hub.forecasts().known_history(server.id, std::chrono::days(365)));
  return run({{server.name, history}}, options, terminal);
}

}  // namespace

void declare_backtest(CLI::App& parent, Invocation& invocation) {
  CLI::App* command = add_command(
      parent, invocation, "backtest",
      "How good forecasts would have been: the model beside simple methods, on the last quarter of a history");
  const auto options = std::make_shared<BacktestOptions>();
  CLI::Option* csv = command->add_option("--csv", options->files, "CSV files; without :COLUMN every column but labels")
                         ->type_name("FILE[:COLUMN]");
  command->add_option("--server", options->server, "A server's stored history instead")->excludes(csv);
  command->add_option("--horizon", options->horizons, "1h, 24h or both")->type_name("DURATION");
  command->add_option("--json", options->json, "All scores into this file")->type_name("FILE");
  command->add_option("--dump", options->dump, "Every forecast of the shown method, as CSV")->type_name("FILE");
  command->add_option("--seed", options->seed, "Of the weights")->capture_default_str();
  command->callback([&invocation, options] {
    if (!options->server.empty()) {
      invocation.run_on_hub = [options](service::Hub& hub, Terminal& terminal) {
        return run_on_server(hub, *options, terminal);
      };
    } else if (!options->files.empty()) {
      invocation.run_alone = [options](Terminal& terminal) { return run_on_files(*options, terminal); };
    } else {
      throw CLI::RequiredError("--csv FILE or --server NAME");
    }
  });
}

}  // namespace mps::app
