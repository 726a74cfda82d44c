#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"

namespace mps::app {
namespace {

struct ApiTokenOptions {
  std::string name, role = "viewer", expires, who = "the command line";
};
using ApiTokenAction = Result<void> (*)(service::Hub&, Terminal&, const ApiTokenOptions&);

Result<void> add_api_token(service::Hub& hub, Terminal& terminal, const ApiTokenOptions& options) {
  const auto role = service::find_role(options.role);
  if (!role) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is not a role; there are viewer, operator, admin, owner", options.role)};
  }
  std::optional<Duration> lasts;
  if (!options.expires.empty() && options.expires != "never") {
    MPS_TRY(lasts, parse_duration(options.expires));
  }
  MPS_TRY(const auto made, hub.api_tokens().add(options.name, *role, lasts, options.who));
  hub.audit().note(options.who, service::Change::kTokenMade,
                   fmt::format("API token {}: {}", options.name, options.role));
  terminal.out(made.token + "\n");
  terminal.err(fmt::format("It is shown only now{}. Send it as 'Authorization: Bearer ...'.\n",
                           made.record.expires_at ? ", and ends at " + format_rfc3339(*made.record.expires_at) : ""));
  return {};
}

// name, role, since, until, by: tabs between them.
Result<void> list_api_tokens(service::Hub& hub, Terminal& terminal, const ApiTokenOptions&) {
  for (const auto& token : hub.api_tokens().list()) {
    terminal.out(fmt::format("{}\t{}\t{}\t{}\t{}\n", token.name, token.role, format_rfc3339(token.created_at),
                             token.expires_at ? format_rfc3339(*token.expires_at) : "never", token.created_by));
  }
  return {};
}

Result<void> remove_api_token(service::Hub& hub, Terminal&, const ApiTokenOptions& options) {
  MPS_TRY_VOID(hub.api_tokens().remove(options.name));
  hub.audit().note(options.who, service::Change::kTokenRemoved, "API token " + options.name);
  return {};
}

std::pair<CLI::App*, std::shared_ptr<ApiTokenOptions>> declare_api_token_action(
    CLI::App& parent, Invocation& invocation, const char* word, const char* description, ApiTokenAction action) {
  CLI::App* command = add_command(parent, invocation, word, description);
  const auto options = std::make_shared<ApiTokenOptions>();
  command->callback([&invocation, options, action] {
    invocation.run_on_hub = [options, action](service::Hub& hub, Terminal& terminal) {
      return action(hub, terminal, *options);
    };
  });
  return {command, options};
}

}  // namespace

void declare_api_token(CLI::App& parent, Invocation& invocation) {
  CLI::App* tokens = parent.add_subcommand("api-token", "Tokens that programs ask the REST API with");
  tokens->require_subcommand(1);
  const auto [add, added] =
      declare_api_token_action(*tokens, invocation, "add", "A new one; prints it once", add_api_token);
  add->add_option("NAME", added->name, "What to call it")->required();
  add->add_option("--role", added->role, "viewer, operator, admin or owner")->capture_default_str();
  add->add_option("--expires", added->expires, "How long it works, such as 90d; default: until it is removed")
      ->type_name("DURATION");
  add->add_option("--who", added->who, "Who does it")->capture_default_str();
  declare_api_token_action(*tokens, invocation, "list", "All of them, those that have expired too", list_api_tokens);
  const auto [remove, removed] =
      declare_api_token_action(*tokens, invocation, "remove", "It stops working at once", remove_api_token);
  remove->add_option("NAME", removed->name, "As 'api-token list' shows it")->required();
  remove->add_option("--who", removed->who, "Who does it")->capture_default_str();
}

}  // namespace mps::app
