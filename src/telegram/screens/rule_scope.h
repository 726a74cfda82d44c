#pragma once

#include <string>
#include <vector>

#include "service/rule_book.h"
#include "telegram/screen.h"

// Whom rules are for, as buttons and people name them.
namespace mps::telegram {

struct ScopeChoice {
  std::optional<service::RuleScope> scope;
  std::string rest;
  Replies otherwise;  // where the scope is still open: what to say
};
// By button: "12" (a server), "t1a2b3c" (a mark of a tag), "a" (all). Typed: "all", "tag:web", or a server's name.
ScopeChoice choose_scope(const Request& request, Services& services);
// A keyboard of all, every tag and every server.
Reply ask_scope(Services& services, std::string html);

std::string scope_argument(const service::RuleScope& scope);
// "db1", "tag web", "all servers"; escaped.
std::string scope_name(const service::RuleScope& scope, Services& services);

std::vector<service::Server> servers_in(const service::RuleScope& scope, Services& services);
// The rules that a server of the scope has where it has none of its own.
std::vector<service::EffectiveRule> rules_in(const service::RuleScope& scope, Services& services);
// Those that were set for exactly this scope.
std::vector<service::RuleSpec> set_in(const service::RuleScope& scope, Services& services);
// Mount points of the scope's servers, for naming them; of at most 100 servers.
std::vector<std::string> mounts_in(const service::RuleScope& scope, Services& services);

// "CPU above 85 % for 10m", "no data for 3m", "Disk /data: off"; escaped.
std::string rule_line(const service::RuleSpec& spec, Services& services);
// "as set for tag web", "default"; escaped.
std::string origin_text(const service::EffectiveRule& rule, Services& services);

}  // namespace mps::telegram
