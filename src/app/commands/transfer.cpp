#include "service/transfer.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"

namespace mps::app {
namespace {

struct ImportOptions {
  std::string server;
  std::vector<std::string> files;
  std::vector<std::string> map;
  bool shift_to_now = false;
};

struct ExportOptions {
  std::string server;
  std::string from, to;
  std::string format = "lineprotocol";
};

Result<std::map<std::string, std::string>> parse_mapping(const std::vector<std::string>& pairs) {
  std::map<std::string, std::string> mapping;
  for (const std::string& pair : pairs) {
    const size_t equals = pair.rfind('=');
    if (equals == std::string::npos)
      return Error{ErrorCode::kInvalidArgument, fmt::format("--map {}: write COLUMN=RESOURCE", pair)};
    mapping[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return mapping;
}

Result<void> import_file(service::Hub& hub, Terminal& terminal, const service::Server& server,
                         const ImportOptions& options, const std::string& file) {
  MPS_TRY(const auto mapping, parse_mapping(options.map));
  MPS_TRY(const std::string bytes, terminal.read_file(file));
  MPS_TRY(const service::TimeTable table, service::read_csv(bytes));
  const Timestamp now = hub.clock().now();
  const Duration shift = options.shift_to_now ? service::shift_to_now(table, now) : Duration::zero();
  MPS_TRY(const auto report, service::import_table(hub.store(), server.id, table, mapping, shift, now));
  terminal.out(fmt::format("{} samples, {} to {}\n", report.samples, format_rfc3339(report.range.from),
                           format_rfc3339(report.range.to - Duration(1))));
  for (const auto& [column, resource] : report.mapped)
    terminal.err(fmt::format("{} is stored as {}\n", column, resource));
  for (const std::string& column : report.columns_left_out)
    terminal.err(fmt::format("{} is left out; --map {}=RESOURCE takes it in\n", column, column));
  if (table.rows_unreadable > 0)
    terminal.err(fmt::format("{} rows could not be read: no time, or another number of cells than the header\n",
                             table.rows_unreadable));
  if (table.cells_unreadable > 0)
    terminal.err(fmt::format("{} cells are not numbers and were left out\n", table.cells_unreadable));
  return {};
}

Result<void> run_import(service::Hub& hub, Terminal& terminal, const ImportOptions& options) {
  auto server = hub.servers().find(options.server);
  if (!server && server.error().code == ErrorCode::kNotFound) {
    MPS_TRY(const service::NewServer added, hub.servers().add(options.server));
    terminal.err(
        fmt::format("{} is new and was registered; `mps server rotate` makes a token for an agent\n", options.server));
    server = added.server;
  }
  MPS_TRY(const service::Server known, server);
  for (const std::string& file : options.files) {
    if (const auto done = import_file(hub, terminal, known, options, file); !done) {
      return Error{done.error().code, fmt::format("{}: {}", file, done.error().message)};
    }
  }
  return {};
}

Result<void> run_export(service::Hub& hub, Terminal& terminal, const ExportOptions& options) {
  MPS_TRY(const service::Server server, hub.servers().find(options.server));
  TimeRange range{Timestamp::min(), Timestamp::max()};
  if (!options.from.empty()) {
    MPS_TRY(range.from, parse_time(options.from));
  }
  if (!options.to.empty()) {
    MPS_TRY(range.to, parse_time(options.to));
  }
  const auto format = options.format == "csv" ? service::ExportFormat::kCsv : service::ExportFormat::kLineProtocol;
  return service::export_server(hub.store(), server, range, format,
                                [&](std::string_view piece) { terminal.out(piece); });
}

}  // namespace

void declare_import(CLI::App& parent, Invocation& invocation) {
  CLI::App* command = add_command(parent, invocation, "import",
                                  "Load history from CSV files; a server that is not there yet is registered");
  const auto options = std::make_shared<ImportOptions>();
  command->add_option("--server", options->server, "The server's name")->required();
  command->add_option("--csv", options->files, "Files with a timestamp column; .gz too, - for standard input")
      ->required()
      ->type_name("FILE");
  command->add_option("--map", options->map, "Which column is which resource, where the names don't tell")
      ->type_name("COLUMN=RESOURCE");
  command->add_flag("--shift-to-now", options->shift_to_now, "Move an old recording so that it ends now");
  command->callback([&invocation, options] {
    invocation.run_on_hub = [options](service::Hub& hub, Terminal& terminal) {
      return run_import(hub, terminal, *options);
    };
  });
}

void declare_export(CLI::App& parent, Invocation& invocation) {
  CLI::App* command = add_command(parent, invocation, "export", "Everything stored of a server, to standard output");
  const auto options = std::make_shared<ExportOptions>();
  command->add_option("--server", options->server, "The server's name")->required();
  command->add_option("--from", options->from, "RFC 3339, a date, or seconds since 1970")->type_name("TIME");
  command->add_option("--to", options->to, "The same; this instant is not part of it")->type_name("TIME");
  command->add_option("--format", options->format, "lineprotocol or csv")
      ->check(CLI::IsMember({"lineprotocol", "csv"}));
  command->callback([&invocation, options] {
    invocation.run_on_hub = [options](service::Hub& hub, Terminal& terminal) {
      return run_export(hub, terminal, *options);
    };
  });
}

}  // namespace mps::app
