#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <optional>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"
#include "service/rule_preview.h"
#include "service/rule_text.h"

namespace mps::app {
namespace {

struct RuleOptions {
  std::string server, tag;
  bool all = false;
  std::string resource, instance;
  std::optional<double> above, below, clear;
  std::string hold, within;
  std::string repeat = "60m";
  std::string severity;
  bool per_core = false, no_data = false, anomaly = false, off = false;
  bool asks_above = false, asks_below = false, prediction = false;  // of `remove`, which needs no numbers
};

std::string rule_line(const std::string& whom, const service::EffectiveRule& rule) {
  const std::string what = service::rule_text(rule.resource, rule.instance, rule.rule, rule.per_core);
  const std::string severity(alert::name_of(rule.rule.severity));
  if (rule.off) return fmt::format("{}\t{}\t{}\toff\t{}\n", whom, what, severity, rule.origin);
  const bool has_clear = rule.rule.kind == alert::Kind::kThreshold;
  return fmt::format("{}\t{}\t{}\t{}repeat {}\t{}\n", whom, what, severity,
                     has_clear ? fmt::format("clear {}\t", format_value(rule.rule.clear, rule.resource->unit)) : "",
                     format_duration(rule.rule.repeat), rule.origin);
}

Result<service::RuleScope> scope_of(service::Hub& hub, const RuleOptions& options) {
  if (!options.tag.empty()) return service::RuleScope{{}, options.tag};
  if (options.all) return service::RuleScope{};
  MPS_TRY(const service::Server server, hub.servers().find(options.server));
  return service::RuleScope{server.id, ""};
}

std::string whom_text(const RuleOptions& options) {
  if (!options.tag.empty()) return "tag " + options.tag;
  return options.all ? "all servers" : options.server;
}

// What tells one rule from another: all of it that `remove` needs.
Result<service::RuleSpec> named_rule(service::Hub& hub, const RuleOptions& options) {
  service::RuleSpec spec;
  MPS_TRY(spec.scope, scope_of(hub, options));
  spec.instance = options.instance;
  spec.rule.kind = options.no_data                                 ? alert::Kind::kNoData
                   : options.anomaly                               ? alert::Kind::kAnomaly
                   : options.prediction || !options.within.empty() ? alert::Kind::kPrediction
                                                                   : alert::Kind::kThreshold;
  spec.rule.direction = options.below || options.asks_below ? alert::Direction::kBelow : alert::Direction::kAbove;
  const std::string usual = options.no_data ? "critical" : "warning";
  const auto severity = alert::find_severity(options.severity.empty() ? usual : options.severity);
  if (!severity)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is not a severity; write warning or critical", options.severity)};
  spec.rule.severity = *severity;
  if (options.no_data) {
    if (options.resource.empty()) return spec;
    return Error{ErrorCode::kInvalidArgument, "--no-data is about all that a server sends; leave --resource out"};
  }
  spec.resource = find_resource(options.resource);
  if (spec.resource == nullptr) {
    std::string names;
    for (const Resource& each : resources()) names += (names.empty() ? "" : ", ") + std::string(each.name);
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is not a resource; there are {}", options.resource, names)};
  }
  return spec;
}

Result<service::RuleSpec> whole_rule(service::Hub& hub, const RuleOptions& options) {
  MPS_TRY(service::RuleSpec spec, named_rule(hub, options));
  spec.off = options.off;
  spec.per_core = options.per_core;
  const bool has_threshold = options.above || options.below;
  const bool wants_threshold = !options.off && !options.no_data && !options.anomaly;
  if (wants_threshold && !has_threshold)
    return Error{ErrorCode::kInvalidArgument, "a rule needs --above X or --below X (or --no-data, --anomaly, --off)"};
  if (has_threshold) spec.rule.threshold = options.above ? *options.above : *options.below;
  spec.rule.clear = options.clear.value_or(spec.rule.threshold);
  const std::string hold = !options.hold.empty() ? options.hold : options.no_data ? "3m" : "5m";
  MPS_TRY(spec.rule.hold, parse_duration(hold));
  MPS_TRY(spec.rule.repeat, parse_duration(options.repeat));
  if (!options.within.empty()) {
    MPS_TRY(spec.rule.within, parse_duration(options.within));
  }
  return spec;
}

// For 'audit'.
void note_rule(service::Hub& hub, service::Change change, const RuleOptions& options, const service::RuleSpec& spec) {
  const std::string what = change == service::Change::kRuleSet
                               ? service::rule_text(spec.resource, spec.instance, spec.rule, spec.per_core)
                               : std::string(spec.resource == nullptr ? "no data" : spec.resource->name);
  hub.audit().note("the command line", change, fmt::format("{}: {}", whom_text(options), what));
}

Result<void> run_set(service::Hub& hub, Terminal& terminal, const RuleOptions& options) {
  MPS_TRY(const service::RuleSpec spec, whole_rule(hub, options));
  MPS_TRY_VOID(hub.rules().set(spec));
  note_rule(hub, service::Change::kRuleSet, options, spec);
  terminal.out(
      rule_line(whom_text(options), {spec.resource, spec.rule, "set", spec.instance, spec.per_core, spec.off}));
  return {};
}

Result<void> run_list(service::Hub& hub, Terminal& terminal, const RuleOptions& options) {
  std::vector<service::Server> servers;
  if (options.server.empty()) {
    servers = hub.servers().list();
  } else {
    MPS_TRY(const service::Server server, hub.servers().find(options.server));
    servers.push_back(server);
  }
  for (const service::Server& server : servers) {
    for (const auto& rule : hub.alerts().rules_of(server.id)) terminal.out(rule_line(server.name, rule));
  }
  return {};
}

Result<void> run_remove(service::Hub& hub, Terminal&, const RuleOptions& options) {
  MPS_TRY(const service::RuleSpec spec, named_rule(hub, options));
  MPS_TRY_VOID(hub.rules().remove(spec));
  note_rule(hub, service::Change::kRuleRemoved, options, spec);
  return {};
}

std::string previewed_line(const service::PreviewedIncident& incident, const service::RuleSpec& spec,
                           const TimeZone& zone) {
  const alert::Episode& episode = incident.episode;
  const std::string lasted =
      episode.ended_at
          ? format_duration(std::chrono::floor<std::chrono::seconds>(*episode.ended_at - episode.breached_at))
          : "lasts";
  const std::string peak = spec.resource == nullptr ? "" : "\tpeak " + format_value(episode.peak, spec.resource->unit);
  std::string line = fmt::format("{}\t{}{}", zone.format(episode.fired_at, "%F %T"), lasted, peak);
  if (incident.expected) line += "\tforeseen for " + zone.format(*incident.expected, "%F %H:%M");
  if (incident.expected) line += !incident.came_true ? "\topen" : *incident.came_true ? "\tcame true" : "\tdid not";
  if (!incident.instance.empty()) line += "\t" + incident.instance;
  return line + "\n";
}

Result<void> run_preview(service::Hub& hub, Terminal& terminal, const RuleOptions& options) {
  MPS_TRY(const service::Server server, hub.servers().find(options.server));
  MPS_TRY(const service::RuleSpec spec, whole_rule(hub, options));
  MPS_TRY(const auto preview, service::preview_rule(hub.query(), hub.forecasts(), server, spec, hub.clock().now()));
  const size_t times = preview.incidents.size();
  terminal.out(fmt::format("{}: would have fired {} {} in the last {} days{}{}\n",
                           service::rule_text(spec.resource, spec.instance, spec.rule, spec.per_core), times,
                           times == 1 ? "time" : "times", service::kPreviewSpan / std::chrono::hours(24),
                           preview.note.empty() ? "" : ", ", preview.note));
  for (const auto& incident : preview.incidents) terminal.out(previewed_line(incident, spec, hub.options().zone));
  if (preview.suggested)
    terminal.out(fmt::format("at most once a week: {} {}\n", alert::name_of(spec.rule.direction),
                             format_value(*preview.suggested, spec.resource->unit)));
  return {};
}

using RuleAction = Result<void> (*)(service::Hub&, Terminal&, const RuleOptions&);

struct RuleCommand {
  CLI::App* command;
  std::shared_ptr<RuleOptions> options;
};

RuleCommand add_rule_command(CLI::App& parent, Invocation& invocation, const char* word, const char* description,
                             RuleAction action) {
  CLI::App* command = add_command(parent, invocation, word, description);
  const auto options = std::make_shared<RuleOptions>();
  command->callback([&invocation, options, action] {
    invocation.run_on_hub = [options, action](service::Hub& hub, Terminal& terminal) {
      return action(hub, terminal, *options);
    };
  });
  return {command, options};
}

// The options that say which rule is meant.
void declare_name(const RuleCommand& rule) {
  CLI::Option_group* whom = rule.command->add_option_group("whom", "Whom it is for");
  whom->add_option("--server", rule.options->server, "This server");
  whom->add_option("--tag", rule.options->tag, "Every server with this tag");
  whom->add_flag("--all", rule.options->all, "Every server");
  whom->require_option(1);
  rule.command->add_option("--resource", rule.options->resource, "cpu, ram, disk, load, swap ...");
  rule.command->add_option("--instance", rule.options->instance, "Of disk: this mount point; default: each");
  rule.command->add_option("--severity", rule.options->severity,
                           "warning (default) or critical (default of --no-data)");
}

void declare_thresholds(const RuleCommand& rule) {
  CLI::Option* above =
      rule.command->add_option("--above", rule.options->above, "Alert when the value stays above this");
  CLI::Option* below = rule.command->add_option("--below", rule.options->below, "... or below this");
  below->excludes(above);
}

void declare_details(const RuleCommand& rule) {
  CLI::App& command = *rule.command;
  RuleOptions& options = *rule.options;
  command.add_option("--clear", options.clear, "It is over on the other side of this; default: the threshold");
  command.add_option("--for", options.hold, "How long it must last; default: 5m, of --no-data 3m");
  command.add_option("--repeat", options.repeat, "Remind this often while it lasts")->capture_default_str();
  command.add_flag("--per-core", options.per_core, "The thresholds are for each core that the server has (load)");
}

void declare_kinds(const RuleCommand& rule) {
  rule.command->add_flag("--no-data", rule.options->no_data, "When the server sends nothing, instead of a resource");
  rule.command->add_option("--within", rule.options->within,
                           "When the forecast's 80 % band crosses the threshold within this time");
  rule.command->add_flag("--anomaly", rule.options->anomaly, "When the value stays outside the forecast's 99 % band");
}

}  // namespace

void declare_rule(CLI::App& parent, Invocation& invocation) {
  CLI::App* rule = parent.add_subcommand("rule", "When to alert");
  rule->require_subcommand(1);
  const RuleCommand set = add_rule_command(*rule, invocation, "set", "Set or replace a rule", run_set);
  declare_name(set);
  declare_thresholds(set);
  declare_details(set);
  declare_kinds(set);
  set.command->add_flag("--off", set.options->off, "Ask for nothing: puts the same rule of a broader scope aside");
  const RuleCommand list = add_rule_command(*rule, invocation, "list", "The rules in force for every server", run_list);
  list.command->add_option("--server", list.options->server, "Of this server alone");
  const RuleCommand remove = add_rule_command(*rule, invocation, "remove",
                                              "Forget a rule: that of a broader scope is in force again", run_remove);
  declare_name(remove);
  CLI::Option* above = remove.command->add_flag("--above", remove.options->asks_above,
                                                "The rule that asks for a value above (the default)");
  remove.command->add_flag("--below", remove.options->asks_below, "The rule that asks for a value below")
      ->excludes(above);
  remove.command->add_flag("--no-data", remove.options->no_data, "The rule about silence");
  remove.command->add_flag("--prediction", remove.options->prediction, "The rule about the forecast");
  remove.command->add_flag("--anomaly", remove.options->anomaly, "The rule about the 99 % band");
  const RuleCommand preview =
      add_rule_command(*rule, invocation, "preview",
                       "How often a rule would have fired on the samples of the last 30 days", run_preview);
  preview.command->add_option("--server", preview.options->server, "On the samples of this server")->required();
  preview.command->add_option("--resource", preview.options->resource, "cpu, ram, disk, load, swap ...");
  preview.command->add_option("--instance", preview.options->instance, "Of disk: this mount point; default: each");
  declare_thresholds(preview);
  declare_details(preview);
  declare_kinds(preview);
}

}  // namespace mps::app
