#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "app/terminal.h"
#include "base/error.h"

namespace CLI {
class App;
}

namespace mps::service {
class Hub;
}

namespace mps::app {

inline constexpr const char* kVersion = "0.1.0";

// Options that every subcommand takes.
struct CommonOptions {
  std::string data;  // folder; default: ~/.local/share/mps, or /var/lib/mps for root
  std::string store_url;
  std::string catalog_url;
  std::string time_zone;  // IANA; default: the machine's
  std::string log_level = "info";
};

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";
  std::string public_url;                    // where agents and people reach the gateway; default: http://LISTEN
  std::string read_token;                    // asked of readers (REST, page) where it is set
  std::string tls_certificate, tls_key;      // PEM files; "": plain HTTP
  std::vector<std::string> trusted_proxies;  // whose X-Forwarded-For is believed
  double requests_per_second = 200;          // of one API token; 0: no limit
  size_t connections_max = 4096;             // over HTTP
  std::string telegram_token;
  std::string telegram_api_url = "https://api.telegram.org";
  std::string telegram_webhook_url;  // where Telegram delivers updates; "": it is asked for them
  std::string train_at = "03:30";    // local time of day
  std::string retain_raw = "30d", retain_5m = "365d", retain_1h = "1825d";
  std::string future_max = "10m";
  std::string webhook_url, webhook_secret;  // where incidents are posted; "": nowhere
  std::string config;                       // a file with options, read by then
};

// What the arguments asked for. Exactly one of the functions is set after a successful parse.
struct Invocation {
  CommonOptions common;
  ServeOptions serve;
  std::function<Result<void>(Terminal&)> run_alone;                  // needs no hub
  std::function<Result<void>(service::Hub&, Terminal&)> run_on_hub;  // by the running hub, or on the folder itself
  bool is_serve = false;
};

// One subcommand: declares its options below `parent`, and what to run when it was chosen. `invocation` outlives the
// parse.
using Declare = void (*)(CLI::App& parent, Invocation& invocation);

// One file each in commands/.
void declare_serve(CLI::App& parent, Invocation& invocation);
void declare_server(CLI::App& parent, Invocation& invocation);
void declare_fleet_token(CLI::App& parent, Invocation& invocation);
void declare_api_token(CLI::App& parent, Invocation& invocation);
void declare_import(CLI::App& parent, Invocation& invocation);
void declare_export(CLI::App& parent, Invocation& invocation);
void declare_train(CLI::App& parent, Invocation& invocation);
void declare_forecast(CLI::App& parent, Invocation& invocation);
void declare_backtest(CLI::App& parent, Invocation& invocation);
void declare_report(CLI::App& parent, Invocation& invocation);
void declare_rule(CLI::App& parent, Invocation& invocation);
void declare_incident(CLI::App& parent, Invocation& invocation);
void declare_silence(CLI::App& parent, Invocation& invocation);
void declare_maintenance(CLI::App& parent, Invocation& invocation);
void declare_quiet(CLI::App& parent, Invocation& invocation);
void declare_chat(CLI::App& parent, Invocation& invocation);
void declare_terminal_chat(CLI::App& chat, Invocation& invocation);  // what 'chat' alone does
void declare_person(CLI::App& parent, Invocation& invocation);
void declare_invite(CLI::App& parent, Invocation& invocation);
void declare_audit(CLI::App& parent, Invocation& invocation);
void declare_status(CLI::App& parent, Invocation& invocation);
void declare_migrate(CLI::App& parent, Invocation& invocation);
void declare_demo(CLI::App& parent, Invocation& invocation);
void declare_backup(CLI::App& parent, Invocation& invocation);
void declare_restore(CLI::App& parent, Invocation& invocation);
void declare_doctor(CLI::App& parent, Invocation& invocation);

// A subcommand with the common options: --data, --store, --catalog ... each also as MPS_... in the environment.
CLI::App* add_command(CLI::App& parent, Invocation& invocation, const std::string& name,
                      const std::string& description);

enum class ParseOutcome { kRun, kDone, kWrongUse };  // kDone: help or version was asked for and printed

// Parses the arguments after the program's name.
ParseOutcome parse_arguments(const std::vector<std::string>& arguments, Invocation& invocation, Terminal& terminal);

}  // namespace mps::app
