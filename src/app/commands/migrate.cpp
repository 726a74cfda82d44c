#include "service/migrate.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "service/hub.h"
#include "service/hub_identity.h"

namespace mps::app {
namespace {

struct MigrateOptions {
  std::string from, to;
};

struct Place {
  std::unique_ptr<service::History> history;
  std::string name;  // without secrets
};

Result<Place> open_place(service::Hub& hub, const std::string& url) {
  if (url == "embedded") return Place{service::history_of_folder(hub.store()), url};
  if (!store::is_influx_url(url))
    return Error{ErrorCode::kInvalidArgument, "--from and --to are embedded or influxdb://host:port/database"};
  MPS_TRY(store::InfluxTarget target, store::parse_influx_url(url));
  MPS_TRY(target.hub, service::hub_identity(hub.settings()));
  return Place{service::history_of_influx(target), target.shown()};
}

Result<void> run_migrate(service::Hub& hub, Terminal& terminal, const MigrateOptions& options) {
  MPS_TRY(const Place from, open_place(hub, options.from));
  MPS_TRY(const Place to, open_place(hub, options.to));
  if (from.name == to.name)
    return Error{ErrorCode::kInvalidArgument, fmt::format("--from and --to are both {}", from.name)};
  MPS_TRY(const auto report,
          service::migrate(*from.history, *to.history, hub.options().data / "migration", from.name + " " + to.name,
                           [&](const std::string& line) { terminal.err(line); }));
  if (report.servers_before > 0)
    terminal.err(fmt::format("{} servers were done by an earlier run\n", report.servers_before));
  terminal.out(
      fmt::format("{} samples of {} series of {} servers, read back and the same; checksum {:08x}\n"
                  "{} texts (attributes), the newest of each\n",
                  report.samples, report.series, report.servers, report.checksum, report.attributes));
  return {};
}

}  // namespace

void declare_migrate(CLI::App& parent, Invocation& invocation) {
  CLI::App* command =
      add_command(parent, invocation, "migrate",
                  "Copy all samples and texts between the data folder and an InfluxDB, and read them back; an "
                  "interrupted run goes on where it was");
  const auto options = std::make_shared<MigrateOptions>();
  command->add_option("--from", options->from, "embedded (the data folder), or influxdb://...")
      ->required()
      ->type_name("URL");
  command->add_option("--to", options->to, "The same")->required()->type_name("URL");
  command->callback([&invocation, options] {
    invocation.run_on_hub = [options](service::Hub& hub, Terminal& terminal) {
      return run_migrate(hub, terminal, *options);
    };
  });
}

}  // namespace mps::app
