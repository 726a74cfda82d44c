#include "app/program.h"

#include <fmt/format.h>

#include "app/command.h"
#include "app/control_server.h"
#include "app/serve.h"
#include "base/log.h"

namespace mps::app {
namespace {

// A hub that starts and a command beside it may meet at the folder, which is one program's alone.
constexpr auto kPatience = std::chrono::seconds(5);
constexpr auto kTriesAgainAfter = std::chrono::milliseconds(50);

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

// The folder's hub, as soon as nobody else works there; nothing where a hub has done the command meanwhile.
Result<std::unique_ptr<service::Hub>> open_hub(const service::HubOptions& options, Clock& clock, bool is_serve,
                                               const std::function<bool()>& done_by_hub) {
  const auto until = steady_now() + kPatience;
  for (;;) {
    if (!is_serve && done_by_hub()) return nullptr;
    auto hub = service::Hub::open(options, clock);
    if (hub || hub.error().code != ErrorCode::kUnavailable || steady_now() >= until) return hub;
    clock.sleep_for(kTriesAgainAfter, {});
  }
}

// Returns the exit code of a command that a hub has done.
Result<int> run_on_folder(const Invocation& invocation, const std::vector<std::string>& arguments, Terminal& terminal) {
  SystemClock clock;
  std::optional<int> code;
  const auto done_by_hub = [&] {
    code = run_in_hub(std::filesystem::path(invocation.common.data) / "hub.sock", arguments);
    return code.has_value();
  };
  MPS_TRY(const service::HubOptions options, hub_options(invocation));
  if (invocation.is_serve) block_stop_signals();
  MPS_TRY(const auto hub, open_hub(options, clock, invocation.is_serve, done_by_hub));
  if (!hub) return *code;
  MPS_TRY_VOID(invocation.is_serve ? serve(*hub, invocation.serve, terminal) : invocation.run_on_hub(*hub, terminal));
  return 0;
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) {
  LocalTerminal terminal;
  Invocation invocation;
  const ParseOutcome parsed = parse_arguments(arguments, invocation, terminal);
  if (parsed != ParseOutcome::kRun) return parsed == ParseOutcome::kDone ? 0 : 2;
  // A command by hand says what matters itself; the log is the hub's.
  log::start(invocation.is_serve ? invocation.common.log_level : "warn");
  const auto run = [&]() -> Result<int> {
    if (!invocation.run_alone) return run_on_folder(invocation, arguments, terminal);
    MPS_TRY_VOID(invocation.run_alone(terminal));
    return 0;
  };
  const Result<int> code = run();
  if (code) return *code;
  terminal.err("mps: " + code.error().message + "\n");
  return 1;
}

}  // namespace mps::app
