#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "service/demo_fleet.h"
#include "service/hub.h"

namespace mps::app {
namespace {

Result<void> run(service::Hub& hub, Terminal& terminal, uint64_t seed) {
  MPS_TRY(const auto report, service::fill_demo_fleet(hub.servers(), hub.store(), hub.clock().now(), seed));
  terminal.out(fmt::format("{} made servers, {} values added\n", report.servers, report.values));
  for (const service::Server& server : hub.servers().list()) {
    if (hub.forecasts().trained_at(server.id)) continue;
    terminal.err(fmt::format("training {}\n", server.name));
    MPS_TRY_VOID(hub.forecasts().train(server.id));
  }
  return {};
}

}  // namespace

void declare_demo(CLI::App& parent, Invocation& invocation) {
  CLI::App* command =
      add_command(parent, invocation, "demo",
                  "Fill a data folder with a made fleet of 35 days, and train it; again: add what came since");
  const auto seed = std::make_shared<uint64_t>(1);
  command->add_option("--seed", *seed, "Another seed makes other figures")->capture_default_str();
  command->callback([&invocation, seed] {
    invocation.run_on_hub = [seed](service::Hub& hub, Terminal& terminal) { return run(hub, terminal, *seed); };
  });
}

}  // namespace mps::app
