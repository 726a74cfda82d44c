#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"

namespace mps::app {
namespace {

struct RuleOptions {
  std::string server;
  bool all = false;
  std::string resource;
  double above = 0;
  double clear = -1;
  std::string hold = "5m";
  std::string repeat = "60m";
};

std::string rule_line(const std::string& whom, std::string_view resource, Unit unit, const alert::Rule& rule,
                      const std::string& origin) {
  return fmt::format("{}\t{}\tabove {}\tfor {}\tclear {}\trepeat {}\t{}\n", whom, resource,
                     format_value(rule.threshold, unit), format_duration(rule.hold), format_value(rule.clear, unit),
                     format_duration(rule.repeat), origin);
}

Result<ServerId> whom(service::Hub& hub, const RuleOptions& options) {
  if (options.all) return ServerId{};
  MPS_TRY(const service::Server server, hub.servers().find(options.server));
  return server.id;
}

Result<const Resource*> resource_of(const RuleOptions& options) {
  if (const Resource* resource = find_resource(options.resource)) return resource;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("'{}' is not a resource; try cpu, ram, disk, load or swap", options.resource)};
}

Result<void> run_set(service::Hub& hub, Terminal& terminal, const RuleOptions& options) {
  MPS_TRY(const ServerId server, whom(hub, options));
  MPS_TRY(const Resource* resource, resource_of(options));
  alert::Rule rule{options.above, options.clear < 0 ? options.above : options.clear, {}, {}};
  MPS_TRY(rule.hold, parse_duration(options.hold));
  MPS_TRY(rule.repeat, parse_duration(options.repeat));
  MPS_TRY_VOID(hub.alerts().set_rule(server, *resource, rule));
  terminal.out(rule_line(options.all ? "all servers" : options.server, resource->name, resource->unit, rule, "set"));
  return {};
}

Result<void> run_list(service::Hub& hub, Terminal& terminal, const RuleOptions&) {
  for (const service::Server& server : hub.servers().list()) {
    for (const auto& rule : hub.alerts().rules_of(server.id)) {
      terminal.out(rule_line(server.name, rule.resource->name, rule.resource->unit, rule.rule, rule.origin));
    }
  }
  return {};
}

Result<void> run_remove(service::Hub& hub, Terminal&, const RuleOptions& options) {
  MPS_TRY(const ServerId server, whom(hub, options));
  MPS_TRY(const Resource* resource, resource_of(options));
  return hub.alerts().remove_rule(server, *resource);
}

using RuleAction = Result<void> (*)(service::Hub&, Terminal&, const RuleOptions&);

std::shared_ptr<RuleOptions> declare_rule_action(CLI::App& parent, Invocation& invocation, const char* word,
                                                 const char* description, RuleAction action, bool names_a_rule,
                                                 CLI::App** made = nullptr) {
  CLI::App* command = add_command(parent, invocation, word, description);
  const auto options = std::make_shared<RuleOptions>();
  if (names_a_rule) {
    CLI::Option* server = command->add_option("--server", options->server, "For this server");
    command->add_flag("--all", options->all, "For every server without a rule of its own")->excludes(server);
    command->add_option("--resource", options->resource, "cpu, ram, disk, load, swap ...")->required();
  }
  command->callback([&invocation, options, action, names_a_rule] {
    if (names_a_rule && options->server.empty() && !options->all) throw CLI::RequiredError("--server NAME or --all");
    invocation.run_on_hub = [options, action](service::Hub& hub, Terminal& terminal) {
      return action(hub, terminal, *options);
    };
  });
  if (made != nullptr) *made = command;
  return options;
}

}  // namespace

void declare_rule(CLI::App& parent, Invocation& invocation) {
  CLI::App* rule = parent.add_subcommand("rule", "When to alert");
  rule->require_subcommand(1);
  CLI::App* set = nullptr;
  const auto options = declare_rule_action(*rule, invocation, "set", "Set or replace a rule", run_set, true, &set);
  set->add_option("--above", options->above, "Alert when the value stays above this")->required();
  set->add_option("--clear", options->clear, "It is over below this; default: the same as --above");
  set->add_option("--for", options->hold, "How long it must stay above")->capture_default_str();
  set->add_option("--repeat", options->repeat, "Remind this often while it lasts")->capture_default_str();
  declare_rule_action(*rule, invocation, "list", "The rules in force for every server", run_list, false);
  declare_rule_action(*rule, invocation, "remove", "Go back to the rule for all servers, or the default", run_remove,
                      true);
}

}  // namespace mps::app
