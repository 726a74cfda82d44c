#include "app/command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <unistd.h>

namespace mps::app {
namespace {

std::string default_data_folder() {
  const char* home = std::getenv("HOME");
  return ::geteuid() == 0 || home == nullptr ? "/var/lib/mps" : std::string(home) + "/.local/share/mps";
}

}  // namespace

CLI::App* add_command(CLI::App& parent, Invocation& invocation, const std::string& name,
                      const std::string& description) {
  CLI::App* command = parent.add_subcommand(name, description);
  CommonOptions& common = invocation.common;
  command->add_option("--data", common.data, "Folder of everything that is stored")
      ->envname("MPS_DATA")
      ->default_str(default_data_folder())
      ->type_name("DIR");
  command
      ->add_option("--store", common.store_url,
                   "Where samples live: embedded (in the data folder, the default), or also in an InfluxDB 1.x, 2.x or "
                   "3: influxdb://[user:password@]host:port/database, influxdbs:// for TLS; ?token=, ?org=, ?rp=. "
                   "Rather give it as MPS_STORE: it may hold a secret")
      ->envname("MPS_STORE")
      ->type_name("URL");
  command
      ->add_option("--catalog", common.catalog_url,
                   "Where servers, rules and messages live; SQLite in the data folder by default")
      ->envname("MPS_CATALOG")
      ->type_name("URL");
  command
      ->add_option("--time-zone", common.time_zone,
                   "IANA time zone of graphs and of the daily training; the machine's by default")
      ->envname("MPS_TIME_ZONE")
      ->type_name("ZONE");
  command->add_option("--log-level", common.log_level, "trace, debug, info, warn, err or off")
      ->envname("MPS_LOG_LEVEL")
      ->type_name("LEVEL");
  return command;
}

ParseOutcome parse_arguments(const std::vector<std::string>& arguments, Invocation& invocation, Terminal& terminal) {
  CLI::App program("MPS, the Monitoring & Prediction System: the hub, and everything a person runs by hand.", "mps");
  program.require_subcommand(1);
  program.set_version_flag("--version", std::string("mps ") + kVersion);
  program.get_formatter()->column_width(42);
  for (const Declare declare :
       {declare_serve,    declare_server,   declare_fleet_token, declare_import,    declare_export,
        declare_train,    declare_forecast, declare_backtest,    declare_report,    declare_rule,
        declare_incident, declare_silence,  declare_maintenance, declare_quiet,     declare_chat,
        declare_person,   declare_invite,   declare_audit,       declare_status,    declare_demo,
        declare_backup,   declare_restore,  declare_doctor,      declare_api_token, declare_migrate}) {
    declare(program, invocation);
  }
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    program.parse(reversed);
  } catch (const CLI::ParseError& failure) {
    std::ostringstream out, err;
    const int code = program.exit(failure, out, err);
    terminal.out(out.str());
    terminal.err(err.str());
    return code == 0 ? ParseOutcome::kDone : ParseOutcome::kWrongUse;
  }
  if (invocation.common.data.empty()) invocation.common.data = default_data_folder();
  return ParseOutcome::kRun;
}

}  // namespace mps::app
