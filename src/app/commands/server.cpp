#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <memory>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"

namespace mps::app {
namespace {

using ServerAction = std::function<Result<void>(service::Hub&, Terminal&, const std::string& name)>;

// For 'audit': what was done at the command line.
void note_server(service::Hub& hub, service::Change change, std::string_view detail) {
  hub.audit().note("the command line", change, detail);
}

std::string hub_url(service::Hub& hub) {
  const auto url = hub.settings().get("public_url");
  return url && *url ? **url : "http://127.0.0.1:8080";
}

Result<void> add(service::Hub& hub, Terminal& terminal, const std::string& name, const std::vector<std::string>& tags) {
  MPS_TRY(const service::NewServer added, hub.servers().add(name, tags));
  note_server(hub, service::Change::kServerAdded, name);
  terminal.out(added.token + "\n");
  terminal.err(
      fmt::format("This is the token of {}; it is shown only now. Start the agent there:\n\n"
                  "  MPS_TOKEN={} mps-agent --hub {}\n\n"
                  "or give Telegraf this:\n\n"
                  "  [[outputs.influxdb_v2]]\n    urls = [\"{}\"]\n    token = \"{}\"\n    organization = \"mps\"\n    "
                  "bucket = \"mps\"\n",
                  name, added.token, hub_url(hub), hub_url(hub), added.token));
  return {};
}

std::string tags_text(const std::vector<std::string>& tags) {
  return fmt::format("{}", fmt::join(tags, " "));
}

Result<void> list(service::Hub& hub, Terminal& terminal, const std::string&) {
  const Timestamp now = hub.clock().now();
  for (const service::Server& server : hub.servers().list()) {
    const auto seen = hub.query().status(server.id).last_seen;
    terminal.out(
        fmt::format("{}\t{}{}{}\n", server.name,
                    seen ? format_duration(std::chrono::floor<std::chrono::seconds>(now - *seen)) + " ago" : "never",
                    server.tags.empty() ? "" : "\t", tags_text(server.tags)));
  }
  return {};
}

Result<void> show(service::Hub& hub, Terminal& terminal, const std::string& name) {
  MPS_TRY(const service::Server server, hub.servers().find(name));
  const Timestamp now = hub.clock().now();
  terminal.out(fmt::format("name\t{}\nregistered\t{}\n", server.name, format_rfc3339(server.created_at)));
  if (!server.tags.empty()) terminal.out(fmt::format("tags\t{}\n", tags_text(server.tags)));
  const auto status = hub.query().status(server.id);
  terminal.out(fmt::format("last seen\t{}\n", status.last_seen ? format_rfc3339(*status.last_seen) : "never"));
  terminal.out(fmt::format("series\t{}\n", hub.store().list_series(server.id).size()));
  if (const auto trained = hub.forecasts().trained_at(server.id))
    terminal.out(fmt::format("model trained on history until\t{}\n", format_rfc3339(*trained)));
  for (const service::CurrentValue& value : status.values) {
    const std::string title = value.instance.empty() ? std::string(value.resource->title)
                                                     : fmt::format("{} {}", value.resource->title, value.instance);
    terminal.out(fmt::format("{}\t{}\t{} ago\n", title, format_value(value.value, value.resource->unit),
                             format_duration(std::chrono::floor<std::chrono::seconds>(now - value.time))));
  }
  for (const auto& [key, attribute] : hub.store().attributes(server.id))
    terminal.out(fmt::format("{}\t{}\n", key, attribute.value));
  return {};
}

Result<void> rotate(service::Hub& hub, Terminal& terminal, const std::string& name) {
  MPS_TRY(const service::Server server, hub.servers().find(name));
  MPS_TRY(const std::string token, hub.servers().rotate_token(server.id));
  note_server(hub, service::Change::kTokenMade, name);
  terminal.out(token + "\n");
  terminal.err("The old token has stopped working.\n");
  return {};
}

Result<void> remove(service::Hub& hub, Terminal& terminal, const std::string& name) {
  MPS_TRY(const service::Server server, hub.servers().find(name));
  MPS_TRY_VOID(hub.servers().remove(server.id));
  hub.forecasts().forget(server.id);
  note_server(hub, service::Change::kServerRemoved, name);
  terminal.err(fmt::format("{} is removed, with its samples, model and incidents.\n", name));
  return {};
}

CLI::App* declare_server_action(CLI::App& parent, Invocation& invocation, const char* word, const char* description,
                                const ServerAction& action, bool takes_name) {
  CLI::App* command = add_command(parent, invocation, word, description);
  const auto name = std::make_shared<std::string>();
  if (takes_name) command->add_option("NAME", *name, "The server's name")->required();
  command->callback([&invocation, action, name] {
    invocation.run_on_hub = [action, name](service::Hub& hub, Terminal& terminal) {
      return action(hub, terminal, *name);
    };
  });
  return command;
}

using TagAction = Result<std::vector<std::string>> (service::Servers::*)(ServerId, const std::vector<std::string>&);

void declare_tag_action(CLI::App& parent, Invocation& invocation, const char* word, const char* description,
                        const std::shared_ptr<std::vector<std::string>>& tags, TagAction action) {
  CLI::App* command = add_command(parent, invocation, word, description);
  const auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "The server's name")->required();
  command->add_option("TAG", *tags, "One or more")->required();
  command->callback([&invocation, action, name, tags] {
    invocation.run_on_hub = [action, name, tags](service::Hub& hub, Terminal& terminal) -> Result<void> {
      MPS_TRY(const service::Server server, hub.servers().find(*name));
      MPS_TRY(const auto has, (hub.servers().*action)(server.id, *tags));
      note_server(hub, service::Change::kServerChanged, fmt::format("{}: tags {}", server.name, tags_text(has)));
      terminal.out(fmt::format("{}\t{}\n", server.name, has.empty() ? "no tags" : tags_text(has)));
      return {};
    };
  });
}

Result<void> add_fleet_token(service::Hub& hub, Terminal& terminal, const std::string& name) {
  MPS_TRY(const auto made, hub.servers().add_fleet_token(name));
  note_server(hub, service::Change::kTokenMade, "fleet token " + name);
  terminal.out(made.token + "\n");
  terminal.err("It is shown only now. Servers that send with it are registered by their host tag.\n");
  return {};
}

// id, name, since, how many servers: tabs between them.
Result<void> list_fleet_tokens(service::Hub& hub, Terminal& terminal) {
  for (const auto& token : hub.servers().fleet_tokens())
    terminal.out(
        fmt::format("{}\t{}\t{}\t{}\n", token.id, token.name, format_rfc3339(token.created_at), token.servers));
  return {};
}

Result<void> remove_fleet_token(service::Hub& hub, int64_t id) {
  MPS_TRY(const auto token, hub.servers().remove_fleet_token(id));
  note_server(hub, service::Change::kTokenRemoved, "fleet token " + token.name);
  return {};
}

}  // namespace

void declare_server(CLI::App& parent, Invocation& invocation) {
  CLI::App* server = parent.add_subcommand("server", "The monitored servers and their tokens");
  server->require_subcommand(1);
  const auto new_tags = std::make_shared<std::vector<std::string>>();
  CLI::App* added = declare_server_action(
      *server, invocation, "add", "Register a server; prints its token once",
      [new_tags](service::Hub& hub, Terminal& terminal, const std::string& name) {
        return add(hub, terminal, name, *new_tags);
      },
      true);
  added->add_option("--tag", *new_tags, "A group that rules can be set for; may be given more than once")
      ->allow_extra_args(false);
  declare_server_action(*server, invocation, "list", "All servers, and how long ago each was heard of", list, false);
  declare_server_action(*server, invocation, "show", "Everything known of a server", show, true);
  const auto tags = std::make_shared<std::vector<std::string>>();
  declare_tag_action(*server, invocation, "tag", "Put a server into groups that rules can be set for", tags,
                     &service::Servers::tag);
  declare_tag_action(*server, invocation, "untag", "Take it out of them", tags, &service::Servers::untag);
  declare_server_action(*server, invocation, "rotate", "A new token; the old one stops working", rotate, true);
  declare_server_action(*server, invocation, "remove", "Forget a server with all its samples, for ever", remove, true);
}

void declare_fleet_token(CLI::App& parent, Invocation& invocation) {
  CLI::App* fleet = parent.add_subcommand("fleet-token", "One token for many servers, which their host tag names");
  fleet->require_subcommand(1);
  CLI::App* add = add_command(*fleet, invocation, "add", "A new fleet token; prints it once");
  const auto name = std::make_shared<std::string>();
  add->add_option("NAME", *name, "What to call it")->required();
  add->callback([&invocation, name] {
    invocation.run_on_hub = [name](service::Hub& hub, Terminal& terminal) {
      return add_fleet_token(hub, terminal, *name);
    };
  });
  CLI::App* list = add_command(*fleet, invocation, "list", "All of them, and how many servers write by each");
  list->callback([&invocation] { invocation.run_on_hub = list_fleet_tokens; });
  CLI::App* remove =
      add_command(*fleet, invocation, "remove",
                  "It stops working at once; its servers stay, for the next fleet token that names them");
  const auto id = std::make_shared<int64_t>();
  remove->add_option("ID", *id, "As 'fleet-token list' shows it")->required();
  remove->callback([&invocation, id] {
    invocation.run_on_hub = [id](service::Hub& hub, Terminal&) { return remove_fleet_token(hub, *id); };
  });
}

}  // namespace mps::app
