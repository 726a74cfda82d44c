#include "agent/options.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

#include "agent/hub_url.h"
#include "agent/scan.h"
#include "base/file.h"
#include "base/text.h"

namespace mps::agent {
namespace {

using Setter = Result<void> (*)(Options&, std::string_view);

struct Row {
  std::string_view name;   // without the dashes
  std::string_view value;  // what stands for its value in the help; "" for a switch
  std::string_view help;
  Setter set;
};

Error wrong(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message)};
}

Result<void> set_interval(Options& options, std::string_view text) {
  MPS_TRY(options.interval, parse_duration(text));
  const bool in_range = options.interval >= std::chrono::seconds(1) && options.interval <= std::chrono::hours(1);
  if (!in_range) return wrong(fmt::format("--interval {}: at least 1s and at most 1h", text));
  return {};
}

Result<void> set_token_file(Options& options, std::string_view path) {
  MPS_TRY(const std::string content, read_file(std::string(path)));
  options.token = trim(content);
  if (options.token.empty()) return wrong(fmt::format("--token-file {}: the file is empty", path));
  return {};
}

Result<void> set_buffer(Options& options, std::string_view text) {
  const auto mib = to_natural(text);
  if (!mib || *mib == 0 || *mib > 4096) return wrong(fmt::format("--buffer-mib {}: write 1 to 4096", text));
  options.buffer_bytes = *mib << 20;
  return {};
}

template <auto member>
Result<void> set_text(Options& options, std::string_view text) {
  options.*member = text;
  return {};
}

template <auto member>
Result<void> set_root(Options& options, std::string_view text) {
  options.roots.*member = text;
  return {};
}

template <auto member>
Result<void> set_switch(Options& options, std::string_view text) {
  const bool off = text == "0" || text == "false" || text == "no" || text.empty();
  options.*member = !off;
  return {};
}

constexpr std::array<Row, 12> kRows = {{
    {"hub", "URL", "where figures are pushed to, such as http://127.0.0.1:8080", set_text<&Options::hub>},
    {"token", "TOKEN", "the server's token; others can see it in the process list, the next two ways they can't",
     set_text<&Options::token>},
    {"token-file", "FILE", "a file that holds the token", set_token_file},
    {"interval", "TIME", "between two ticks, 1s to 1h (default 10s)", set_interval},
    {"hostname", "NAME", "the host tag (default: the machine's name)", set_text<&Options::hostname>},
    {"once", "", "collect twice, a second apart, push once and end: 0 when the hub took it, else 1",
     set_switch<&Options::once>},
    {"stdout", "", "print line protocol instead of pushing it", set_switch<&Options::to_stdout>},
    {"buffer-mib", "N", "keep at most N MiB of figures while the hub is away (default 8)", set_buffer},
    {"proc", "FOLDER", "where /proc of the machine is (default /proc)", set_root<&Roots::proc>},
    {"root", "FOLDER", "where / of the machine is, for its /sys, /run and disks (default /)", set_root<&Roots::root>},
    {"help", "", "print this", set_switch<&Options::help>},
    {"version", "", "print the version", set_switch<&Options::version>},
}};

const Row* find_row(std::string_view name) {
  const auto row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.name == name; });
  return row == kRows.end() ? nullptr : &*row;
}

std::string variable_of(std::string_view name) {
  std::string variable = "MPS_AGENT_";
  for (const char c : name) variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

// Where an option is set twice, the command line wins over the environment, and MPS_AGENT_HUB over MPS_HUB.
Result<void> read_environment(const Environment& environment, Options& options) {
  for (const char* const name : {"hub", "token"}) {
    const auto value = environment(name == std::string_view("hub") ? "MPS_HUB" : "MPS_TOKEN");
    if (value) MPS_TRY_VOID(find_row(name)->set(options, *value));
  }
  for (const Row& row : kRows) {
    if (row.name == "help" || row.name == "version") continue;
    const std::string variable = variable_of(row.name);
    const auto value = environment(variable);
    if (!value) continue;
    if (const auto set = row.set(options, *value); !set) return wrong(variable + ": " + set.error().message);
  }
  return {};
}

Result<void> read_arguments(std::span<const char* const> arguments, Options& options) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (argument == "-h") argument = "--help";
    const size_t equals = argument.find('=');
    const Row* const row = argument.starts_with("--")
                               ? find_row(argument.substr(2, equals == argument.npos ? equals : equals - 2))
                               : nullptr;
    if (row == nullptr) return wrong(fmt::format("'{}' is not an option; --help lists them", argument));
    if (equals != argument.npos) {
      MPS_TRY_VOID(row->set(options, argument.substr(equals + 1)));
    } else if (row->value.empty()) {
      MPS_TRY_VOID(row->set(options, "true"));
    } else {
      if (++i == arguments.size()) return wrong(fmt::format("{} needs a value: {} {}", argument, argument, row->value));
      MPS_TRY_VOID(row->set(options, arguments[i]));
    }
  }
  return {};
}

std::string machine_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace

Result<Options> parse_options(std::span<const char* const> arguments, const Environment& environment) {
  Options options;
  MPS_TRY_VOID(read_environment(environment, options));
  MPS_TRY_VOID(read_arguments(arguments, options));
  if (options.hostname.empty()) options.hostname = machine_name();
  if (options.help || options.version || options.to_stdout) return options;
  if (options.hub.empty()) return wrong("where is the hub? Give --hub http://host:8080 (or MPS_HUB)");
  MPS_TRY([[maybe_unused]] const HubUrl url, HubUrl::parse(options.hub));
  if (options.token.empty())
    return wrong("which server is this? Give its token with MPS_TOKEN or --token-file (mps server add NAME prints it)");
  const bool printable =
      std::all_of(options.token.begin(), options.token.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!printable) return wrong("the token holds blanks or other characters that no token has");
  return options;
}

std::string usage() {
  std::string text =
      "mps-agent: reads the figures of this machine and pushes them to a hub, as Telegraf would.\n\n"
      "  mps-agent --hub URL --token-file FILE\n\n";
  for (const Row& row : kRows) {
    const std::string left = fmt::format("--{} {}", row.name, row.value);
    text += fmt::format("  {:<20} {}\n", left, row.help);
  }
  return text +
         "\nEach option is also a variable of the environment: --token-file is MPS_AGENT_TOKEN_FILE; --hub and "
         "--token\n"
         "are MPS_HUB and MPS_TOKEN too. Ends with 0 when done or told to stop, 1 when failed, 2 on wrong use.\n";
}

}  // namespace mps::agent
