#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>

#include "app/command.h"
#include "base/text.h"
#include "service/hub.h"

// person, invite, audit: who may do what, and who did.
namespace mps::app {
namespace {

struct PersonOptions {
  int64_t user = 0;
  size_t count = 50;
  std::string role = "viewer", who = "the command line";
};
using PersonAction = Result<void> (*)(service::Hub&, Terminal&, const PersonOptions&);

struct PersonCommand {
  CLI::App* command;
  std::shared_ptr<PersonOptions> options;
};

PersonCommand declare_person_action(CLI::App& parent, Invocation& invocation, const char* word, const char* description,
                                    PersonAction action) {
  CLI::App* command = add_command(parent, invocation, word, description);
  const auto options = std::make_shared<PersonOptions>();
  command->callback([&invocation, options, action] {
    invocation.run_on_hub = [options, action](service::Hub& hub, Terminal& terminal) {
      return action(hub, terminal, *options);
    };
  });
  return {command, options};
}

// user, role, name, since, invited by: tabs between them.
Result<void> run_person_list(service::Hub& hub, Terminal& terminal, const PersonOptions&) {
  for (const auto& person : hub.people().persons()) {
    terminal.out(fmt::format("{}\t{}\t{}\t{}\t{}\n", person.user_id, service::name_of(person.role), person.name,
                             format_rfc3339(person.joined_at), person.invited_by.empty() ? "-" : person.invited_by));
  }
  return {};
}

Result<service::Role> role_named(const std::string& name) {
  if (const auto role = service::find_role(name)) return *role;
  return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a role; there are viewer, operator, admin", name)};
}

Result<void> run_person_role(service::Hub& hub, Terminal&, const PersonOptions& options) {
  MPS_TRY(const service::Role role, role_named(options.role));
  MPS_TRY(const auto person, hub.people().set_role(options.user, role));
  hub.audit().note(options.who, service::Change::kRoleChanged,
                   fmt::format("{}: {}", person.name, service::name_of(person.role)));
  return {};
}

Result<void> run_person_owner(service::Hub& hub, Terminal&, const PersonOptions& options) {
  MPS_TRY(const auto done, hub.people().hand_over(options.user));
  hub.audit().note(options.who, service::Change::kOwnerChanged,
                   fmt::format("{}, no longer {}", done.owner.name, done.former.name));
  return {};
}

Result<void> run_person_remove(service::Hub& hub, Terminal&, const PersonOptions& options) {
  MPS_TRY(const auto person, hub.people().remove(options.user));
  hub.audit().note(options.who, service::Change::kPersonRemoved, person.name);
  return {};
}

// The link, role, until when.
Result<void> run_invite(service::Hub& hub, Terminal& terminal, const PersonOptions& options) {
  MPS_TRY(const service::Role role, role_named(options.role));
  MPS_TRY(const auto invite, hub.people().invite(role, options.who));
  hub.audit().note(options.who, service::Change::kInvited, service::name_of(role));
  terminal.out(fmt::format("{}\t{}\t{}\n", hub.people().link_of(invite.code), service::name_of(role),
                           format_rfc3339(invite.expires_at)));
  return {};
}

// when, who, what, detail: the newest first.
Result<void> run_audit(service::Hub& hub, Terminal& terminal, const PersonOptions& options) {
  MPS_TRY(const auto entries, hub.audit().list(options.count));
  for (const auto& entry : entries) {
    terminal.out(fmt::format("{}\t{}\t{}\t{}\n", format_rfc3339(entry.at), entry.who, entry.what, entry.detail));
  }
  return {};
}

void takes_who_does_it(const PersonCommand& declared) {
  declared.command->add_option("--who", declared.options->who, "Who does it")->capture_default_str();
}

void takes_user(const PersonCommand& declared) {
  declared.command->add_option("--user", declared.options->user, "Their number, as 'person list' shows it")->required();
}

}  // namespace

void declare_person(CLI::App& parent, Invocation& invocation) {
  CLI::App* person = parent.add_subcommand("person", "Who may do what in the chat");
  person->require_subcommand(1);
  declare_person_action(*person, invocation, "list", "Everybody, who joined first comes first", run_person_list);
  const auto role = declare_person_action(*person, invocation, "role", "Give somebody another role", run_person_role);
  takes_user(role);
  role.command->add_option("--role", role.options->role, "viewer, operator or admin")->required();
  takes_who_does_it(role);
  const auto owner = declare_person_action(*person, invocation, "owner",
                                           "Make an admin the owner, who becomes an admin", run_person_owner);
  takes_user(owner);
  takes_who_does_it(owner);
  const auto remove = declare_person_action(*person, invocation, "remove", "They see nothing more, and hear nothing",
                                            run_person_remove);
  takes_user(remove);
  takes_who_does_it(remove);
}

void declare_invite(CLI::App& parent, Invocation& invocation) {
  const auto invite =
      declare_person_action(parent, invocation, "invite", "A link that lets one person in, within a day", run_invite);
  invite.command->add_option("--role", invite.options->role, "viewer, operator or admin")->capture_default_str();
  takes_who_does_it(invite);
}

void declare_audit(CLI::App& parent, Invocation& invocation) {
  const auto audit =
      declare_person_action(parent, invocation, "audit", "Who changed what, the newest first", run_audit);
  audit.command->add_option("--count", audit.options->count, "How many at most")->capture_default_str();
}

}  // namespace mps::app
