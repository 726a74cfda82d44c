#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"

// incident, silence, maintenance, quiet, chat: the same as in the chat, by the same functions.
namespace mps::app {
namespace {

// What a command was told; each takes what it needs.
struct PeopleOptions {
  int64_t id = 0;
  int64_t user = 0;
  int64_t level = 0;
  int64_t count = 20;
  bool all = false;
  std::string server, group, resource, rule, from, duration = "1h", why, who = "the command line", name, begins, ends,
                                                   zone, after;
};
using PeopleAction = Result<void> (*)(service::Hub&, Terminal&, const PeopleOptions&);

struct Declared {
  CLI::App* command;
  std::shared_ptr<PeopleOptions> options;
};

Declared declare_people_action(CLI::App& parent, Invocation& invocation, const char* word, const char* description,
                               PeopleAction action) {
  CLI::App* command = add_command(parent, invocation, word, description);
  const auto options = std::make_shared<PeopleOptions>();
  command->callback([&invocation, options, action] {
    invocation.run_on_hub = [options, action](service::Hub& hub, Terminal& terminal) {
      return action(hub, terminal, *options);
    };
  });
  return {command, options};
}

// For 'audit'.
void note(service::Hub& hub, const PeopleOptions& options, service::Change change, const std::string& detail) {
  hub.audit().note(options.who, change, detail);
}

std::string state_word(const service::Subject& subject) {
  if (subject.incident.resolved_at) return "resolved";
  if (subject.incident.acknowledged_at) return "acknowledged";
  return "firing";
}

// id, state, severity, kind, server, resource, instance, since, until, by: tabs between them.
std::string incident_row(const service::Subject& subject) {
  const auto& incident = subject.incident;
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", incident.id, state_word(subject), incident.severity,
                     incident.kind, subject.server, incident.resource.empty() ? "-" : incident.resource,
                     incident.instance.empty() ? "-" : incident.instance, format_rfc3339(incident.fired_at),
                     incident.resolved_at ? format_rfc3339(*incident.resolved_at) : "-",
                     incident.acknowledged_by.empty() ? "-" : incident.acknowledged_by);
}

Result<void> run_incident_list(service::Hub& hub, Terminal& terminal, const PeopleOptions& options) {
  const auto listed = options.all ? hub.incidents().recent(static_cast<size_t>(std::max<int64_t>(options.count, 1)))
                                  : hub.incidents().open();
  if (!listed) return listed.error();
  for (const auto& subject : *listed) terminal.out(incident_row(subject));
  return {};
}

Result<void> run_incident_show(service::Hub& hub, Terminal& terminal, const PeopleOptions& options) {
  MPS_TRY(const auto subject, hub.incidents().find(options.id));
  MPS_TRY(const auto events, hub.incidents().history(options.id));
  terminal.out(incident_row(subject));
  for (const auto& event : events)
    terminal.out(
        fmt::format("{}\t{}\t{}\n", format_rfc3339(event.at), event.what, event.who.empty() ? "-" : event.who));
  return {};
}

Result<void> run_incident_acknowledge(service::Hub& hub, Terminal& terminal, const PeopleOptions& options) {
  MPS_TRY(const auto subject, hub.incidents().acknowledge(options.id, options.who));
  note(hub, options, service::Change::kAcknowledged, fmt::format("{}: {}", options.id, subject.server));
  terminal.out(incident_row(subject));
  return {};
}

Result<void> run_incident_snooze(service::Hub& hub, Terminal& terminal, const PeopleOptions& options) {
  MPS_TRY(const Duration duration, parse_duration(options.duration));
  MPS_TRY(const auto subject, hub.incidents().snooze(options.id, hub.clock().now() + duration, options.who));
  note(hub, options, service::Change::kSnoozed, fmt::format("{}: {}", options.id, subject.server));
  terminal.out(incident_row(subject));
  return {};
}

// id, what kind, server, group, resource, rule, from, to, who, why.
std::string silence_row(service::Hub& hub, const service::Silence& silence) {
  const auto or_any = [](const std::string& text) { return text.empty() ? std::string("*") : text; };
  const auto server = hub.servers().find(silence.server);
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", silence.id,
                     silence.maintenance ? "maintenance" : "silence", server ? server->name : "*", or_any(silence.tag),
                     or_any(silence.resource), or_any(silence.kind), format_rfc3339(silence.begins_at),
                     format_rfc3339(silence.ends_at), silence.who, silence.why);
}

Result<void> add_silence(service::Hub& hub, Terminal& terminal, const PeopleOptions& options, bool maintenance) {
  service::Silence silence;
  silence.maintenance = maintenance;
  if (!options.server.empty()) {
    MPS_TRY(const service::Server server, hub.servers().find(options.server));
    silence.server = server.id;
  }
  silence.tag = options.group;
  if (!options.resource.empty() && find_resource(options.resource) == nullptr)
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a resource; try cpu or ram", options.resource)};
  silence.resource = options.resource;
  silence.kind = options.rule;
  silence.begins_at = hub.clock().now();
  if (!options.from.empty()) {
    MPS_TRY(silence.begins_at, parse_time(options.from));
  }
  MPS_TRY(const Duration duration, parse_duration(options.duration));
  silence.ends_at = silence.begins_at + duration;
  silence.why = valid_utf8(options.why);
  silence.who = valid_utf8(options.who);
  MPS_TRY(silence.id, hub.muting().add(silence, hub.clock().now()));
  terminal.out(silence_row(hub, silence));
  note(
      hub, options, maintenance ? service::Change::kMaintenanceAdded : service::Change::kSilenceAdded,
      fmt::format("{}: {}, {}", silence.id, options.server.empty() ? options.group : options.server, options.duration));
  return {};
}

Result<void> run_silence_add(service::Hub& hub, Terminal& terminal, const PeopleOptions& options) {
  return add_silence(hub, terminal, options, false);
}

Result<void> run_maintenance_add(service::Hub& hub, Terminal& terminal, const PeopleOptions& options) {
  return add_silence(hub, terminal, options, true);
}

Result<void> run_silence_list(service::Hub& hub, Terminal& terminal, const PeopleOptions&) {
  MPS_TRY(const auto silences, hub.muting().list(hub.clock().now()));
  for (const auto& silence : silences) terminal.out(silence_row(hub, silence));
  return {};
}

Result<void> run_silence_remove(service::Hub& hub, Terminal&, const PeopleOptions& options) {
  MPS_TRY_VOID(hub.muting().end(options.id, hub.clock().now()));
  note(hub, options, service::Change::kSilenceEnded, std::to_string(options.id));
  return {};
}

Result<void> run_quiet_set(service::Hub& hub, Terminal&, const PeopleOptions& options) {
  service::QuietHours hours;
  hours.chat_id = options.id;
  MPS_TRY(hours.begins, service::parse_clock(options.begins));
  MPS_TRY(hours.ends, service::parse_clock(options.ends));
  hours.zone = options.zone.empty() ? hub.options().zone.name() : options.zone;
  MPS_TRY_VOID(hub.muting().set_quiet(hours));
  note(hub, options, service::Change::kQuietSet,
       fmt::format("{}: {} - {}, {}", hours.chat_id, options.begins, options.ends, hours.zone));
  return {};
}

Result<void> run_quiet_remove(service::Hub& hub, Terminal&, const PeopleOptions& options) {
  MPS_TRY_VOID(hub.muting().remove_quiet(options.id));
  note(hub, options, service::Change::kQuietRemoved, std::to_string(options.id));
  return {};
}

Result<void> run_quiet_list(service::Hub& hub, Terminal& terminal, const PeopleOptions&) {
  MPS_TRY(const auto all, hub.muting().quiet_hours());
  for (const auto& hours : all) {
    terminal.out(fmt::format("{}\t{}\t{}\t{}\n", hours.chat_id, service::clock_of(hours.begins),
                             service::clock_of(hours.ends), hours.zone));
  }
  return {};
}

Result<void> run_chat_list(service::Hub& hub, Terminal& terminal, const PeopleOptions&) {
  for (const auto& chat : hub.people().chats()) {
    terminal.out(fmt::format("{}\t{}\tlevel {}\t{}\t{}\n", chat.chat_id, chat.role, chat.level,
                             chat.gone ? "gone" : "reached", chat.user_name));
  }
  return {};
}

Result<void> run_chat_add(service::Hub& hub, Terminal&, const PeopleOptions& options) {
  MPS_TRY_VOID(hub.people().add_chat(options.id, options.user, valid_utf8(options.name), options.level));
  note(hub, options, service::Change::kChatAdded, fmt::format("{} {}", options.id, options.name));
  return {};
}

Result<void> run_chat_level(service::Hub& hub, Terminal&, const PeopleOptions& options) {
  MPS_TRY_VOID(hub.people().set_level(options.id, options.level));
  note(hub, options, service::Change::kChatChanged, fmt::format("{}: level {}", options.id, options.level));
  return {};
}

Result<void> run_chat_remove(service::Hub& hub, Terminal&, const PeopleOptions& options) {
  MPS_TRY_VOID(hub.people().remove_chat(options.id));
  note(hub, options, service::Change::kChatRemoved, std::to_string(options.id));
  return {};
}

Result<void> run_chat_escalate(service::Hub& hub, Terminal&, const PeopleOptions& options) {
  if (options.after == "never") return hub.settings().remove(service::Announcements::kEscalateAfter);
  MPS_TRY(const Duration after, parse_duration(options.after));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(after).count();
  if (seconds < 1) return Error{ErrorCode::kInvalidArgument, "--after must be at least 1s, or 'never'"};
  return hub.settings().set(service::Announcements::kEscalateAfter, std::to_string(seconds));
}

void takes_who(const Declared& declared) {
  declared.command->add_option("--who", declared.options->who, "Who does it")->capture_default_str();
}

void takes_id(const Declared& declared, const char* name, const char* description) {
  declared.command->add_option(name, declared.options->id, description)->required();
}

CLI::App* declare_word(CLI::App& parent, const char* word, const char* description) {
  CLI::App* command = parent.add_subcommand(word, description);
  command->require_subcommand(1);
  return command;
}

void takes_what(const Declared& declared) {
  const auto& options = declared.options;
  CLI::Option* server = declared.command->add_option("--server", options->server, "This server; default: all");
  declared.command->add_option("--tag", options->group, "Servers with this tag")->excludes(server);
  declared.command->add_option("--resource", options->resource, "This resource; default: all");
  declared.command->add_option("--rule", options->rule, "This kind of rule; default: all")
      ->check(CLI::IsMember({"threshold", "no_data", "prediction", "anomaly"}));
  declared.command->add_option("--from", options->from, "When it begins; default: now")->type_name("TIME");
  declared.command->add_option("--for", options->duration, "How long")->capture_default_str()->type_name("DURATION");
  declared.command->add_option("--why", options->why, "The reason");
  takes_who(declared);
}

}  // namespace

void declare_incident(CLI::App& parent, Invocation& invocation) {
  CLI::App* incident = declare_word(parent, "incident", "What fires, and what did");
  const Declared list = declare_people_action(*incident, invocation, "list", "What fires", run_incident_list);
  list.command->add_flag("--all", list.options->all, "What is over too, newest first");
  list.command->add_option("--count", list.options->count, "How many of all")->capture_default_str();
  takes_id(declare_people_action(*incident, invocation, "show", "One of them, step by step", run_incident_show), "ID",
           "Its number");
  const Declared acknowledge = declare_people_action(*incident, invocation, "acknowledge",
                                                     "Somebody has seen it: no more repeats", run_incident_acknowledge);
  takes_id(acknowledge, "ID", "Its number");
  takes_who(acknowledge);
  const Declared snooze =
      declare_people_action(*incident, invocation, "snooze", "No repeats for a while", run_incident_snooze);
  takes_id(snooze, "ID", "Its number");
  snooze.command->add_option("--for", snooze.options->duration, "How long")
      ->capture_default_str()
      ->type_name("DURATION");
  takes_who(snooze);
}

void declare_silence(CLI::App& parent, Invocation& invocation) {
  CLI::App* silence = declare_word(parent, "silence", "Times without alerts");
  takes_what(declare_people_action(*silence, invocation, "add", "Add one", run_silence_add));
  declare_people_action(*silence, invocation, "list", "Those that are not over, maintenance too", run_silence_list);
  takes_id(declare_people_action(*silence, invocation, "remove", "End one", run_silence_remove), "ID", "Its number");
}

void declare_maintenance(CLI::App& parent, Invocation& invocation) {
  CLI::App* maintenance = declare_word(parent, "maintenance", "Planned work: no alerts, and nothing is learned");
  takes_what(declare_people_action(*maintenance, invocation, "add", "Add a window", run_maintenance_add));
  declare_people_action(*maintenance, invocation, "list", "Windows and silences that are not over", run_silence_list);
  takes_id(declare_people_action(*maintenance, invocation, "remove", "End one", run_silence_remove), "ID",
           "Its number");
}

void declare_quiet(CLI::App& parent, Invocation& invocation) {
  CLI::App* quiet = declare_word(parent, "quiet", "Hours in which a chat gets critical alerts alone");
  const Declared set = declare_people_action(*quiet, invocation, "set", "Set those of a chat", run_quiet_set);
  takes_id(set, "--chat", "The chat's number");
  set.command->add_option("--from", set.options->begins, "When they begin")->required()->type_name("HH:MM");
  set.command->add_option("--to", set.options->ends, "When they end")->required()->type_name("HH:MM");
  set.command->add_option("--zone", set.options->zone, "IANA time zone; default: the hub's");
  declare_people_action(*quiet, invocation, "list", "Those of all chats", run_quiet_list);
  takes_id(declare_people_action(*quiet, invocation, "remove", "Have none", run_quiet_remove), "--chat",
           "The chat's number");
}

void declare_chat(CLI::App& parent, Invocation& invocation) {
  CLI::App* chat = add_command(parent, invocation, "chat",
                               "Alone: the chat at this terminal. With a word: who gets messages, and in what order");
  chat->require_subcommand(0, 1);
  declare_terminal_chat(*chat, invocation);
  declare_people_action(*chat, invocation, "list", "All chats", run_chat_list);
  const Declared add = declare_people_action(*chat, invocation, "add", "One more that gets alerts", run_chat_add);
  takes_id(add, "--chat", "Its number, negative for a group");
  add.command->add_option("--user", add.options->user, "Who may give commands there; default: nobody");
  add.command->add_option("--name", add.options->name, "What to call it in lists");
  add.command->add_option("--level", add.options->level,
                          "0: hears at once; 1: of what nobody acknowledged in time ...");
  const Declared level = declare_people_action(*chat, invocation, "level", "Move it in that order", run_chat_level);
  takes_id(level, "--chat", "Its number");
  level.command->add_option("--level", level.options->level, "The new level")->required();
  takes_id(declare_people_action(*chat, invocation, "remove", "It gets nothing more", run_chat_remove), "--chat",
           "Its number");
  const Declared escalate =
      declare_people_action(*chat, invocation, "escalate", "When the next level hears of it", run_chat_escalate);
  escalate.command->add_option("--after", escalate.options->after, "How long nobody acknowledged it, or 'never'")
      ->required()
      ->type_name("DURATION");
}

}  // namespace mps::app
