#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "service/hub.h"

namespace mps::app {
namespace {

struct ReportWish {
  std::string server, date, language = "en", zone, output;
  bool fleet = false, letter = false;
};

Result<void> run_report(service::Hub& hub, Terminal& terminal, const ReportWish& wish) {
  service::ReportOptions options{wish.date, wish.language, hub.options().zone, Units::kBytes, wish.letter, ""};
  if (!wish.zone.empty()) {
    MPS_TRY(options.zone, TimeZone::find(wish.zone));
  }
  std::string name = "fleet";
  service::Reports::Report report;
  if (wish.fleet) {
    MPS_TRY(report, hub.reports().of_fleet(options));
  } else {
    MPS_TRY(const service::Server server, hub.servers().find(wish.server));
    MPS_TRY(report, hub.reports().of_server(server, options));
    name = server.name;
  }
  std::string file = wish.output;
  if (file.empty()) {
    std::ranges::replace(name, '/', '_');
    file = fmt::format("{}-{}.pdf", name, report.date);
  }
  MPS_TRY_VOID(terminal.write_file(file, report.pdf));
  terminal.out(fmt::format("{}\n{}\n", file, report.caption));
  return {};
}

}  // namespace

void declare_report(CLI::App& parent, Invocation& invocation) {
  CLI::App* command = add_command(parent, invocation, "report", "The daily report of a server, or of all, as a PDF");
  const auto wish = std::make_shared<ReportWish>();
  CLI::Option* server = command->add_option("--server", wish->server, "The server's name");
  CLI::Option* fleet = command->add_flag("--fleet", wish->fleet, "All servers in one report");
  server->excludes(fleet);
  command->add_option("--date", wish->date, "2026-11-25; default: yesterday");
  command->add_option("--language", wish->language, "en or ru")->capture_default_str();
  command->add_option("--zone", wish->zone, "Time zone of the day, such as Europe/Berlin; default: the hub's");
  command->add_flag("--letter", wish->letter, "On Letter paper rather than A4");
  command->add_option("-o,--output", wish->output, "Default: NAME-DATE.pdf")->type_name("FILE");
  command->callback([&invocation, wish] {
    if (wish->server.empty() && !wish->fleet) throw CLI::RequiredError("--server NAME or --fleet");
    invocation.run_on_hub = [wish](service::Hub& hub, Terminal& terminal) { return run_report(hub, terminal, *wish); };
  });
}

}  // namespace mps::app
