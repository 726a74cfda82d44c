#include "app/program.h"

#include <fmt/format.h>

#include "app/command.h"
#include "app/control_server.h"
#include "app/serve.h"
#include "base/log.h"

namespace mps::app {
namespace {

Result<service::HubOptions> hub_options(const Invocation& invocation) {
  const CommonOptions& common = invocation.common;
  service::HubOptions options;
  options.data = common.data;
  options.store_url = common.store_url;
  options.catalog_url = common.catalog_url;
  options.zone = TimeZone::local();
  if (!common.time_zone.empty()) {
    MPS_TRY(options.zone, TimeZone::find(common.time_zone));
  }
  MPS_TRY(options.train_at, parse_time_of_day(invocation.serve.train_at));
  options.retention = store::kKeepAll;  // what expires is for the hub to say, not for a command beside it
  if (!invocation.is_serve) return options;
  MPS_TRY(options.retention, parse_retention(invocation.serve));
  MPS_TRY(options.future_max, parse_future_max(invocation.serve.future_max));
  MPS_TRY(options.webhook, parse_webhook(invocation.serve));
  return options;
}

Result<void> run_on_folder(const Invocation& invocation, Terminal& terminal) {
  SystemClock clock;
  MPS_TRY(const service::HubOptions options, hub_options(invocation));
  if (invocation.is_serve) block_stop_signals();
  auto hub = service::Hub::open(options, clock);
  if (!hub) return hub.error();
  return invocation.is_serve ? serve(**hub, invocation.serve, terminal) : invocation.run_on_hub(**hub, terminal);
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) {
  LocalTerminal terminal;
  Invocation invocation;
  const ParseOutcome parsed = parse_arguments(arguments, invocation, terminal);
  if (parsed != ParseOutcome::kRun) return parsed == ParseOutcome::kDone ? 0 : 2;
  // A command by hand says what matters itself; the log is the hub's.
  log::start(invocation.is_serve ? invocation.common.log_level : "warn");
  Result<void> done;
  if (invocation.run_alone) {
    done = invocation.run_alone(terminal);
  } else {
    if (!invocation.is_serve) {
      if (const auto code = run_in_hub(std::filesystem::path(invocation.common.data) / "hub.sock", arguments))
        return *code;
    }
    done = run_on_folder(invocation, terminal);
  }
  if (done) return 0;
  terminal.err("mps: " + done.error().message + "\n");
  return 1;
}

}  // namespace mps::app
