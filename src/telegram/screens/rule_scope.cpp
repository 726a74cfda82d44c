#include "telegram/screens/rule_scope.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/kind_input.h"
#include "telegram/rule_input.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

using alert::Direction, alert::Kind, alert::Severity;

constexpr size_t kNameUnitsMax = 60, kTagButtonsMax = 20, kMountServersMax = 100;

std::set<std::string> all_tags(Services& services) {
  std::set<std::string> tags;
  for (const auto& server : services.hub.servers().list()) tags.insert(server.tags.begin(), server.tags.end());
  return tags;
}

std::optional<service::RuleScope> pressed_scope(const std::string& word, Services& services) {
  if (word == "a") return service::RuleScope{};
  if (word.starts_with('t')) {
    for (const std::string& tag : all_tags(services)) {
      if (mark_of_name(tag) == word.substr(1)) return service::RuleScope{{}, tag};
    }
    return std::nullopt;
  }
  const auto id = parse_number(word);
  const auto server = id ? services.hub.servers().find(ServerId(static_cast<int64_t>(*id))) : std::nullopt;
  if (!server) return std::nullopt;
  return service::RuleScope{server->id, ""};
}

// "all cpu 85", "tag:web cpu 85".
std::optional<service::RuleScope> take_wide_scope(std::string& rest) {
  if (take_any(rest, {"all", "все", "всех"})) return service::RuleScope{};
  std::string after = rest;
  std::string word = take_word(after);
  for (const std::string_view prefix : {"tag:", "group:", "тег:", "группа:"}) {
    if (!word.starts_with(prefix) || word.size() == prefix.size()) continue;
    rest = after;
    return service::RuleScope{{}, word.substr(prefix.size())};
  }
  return std::nullopt;
}

std::string fill_rule(std::string_view text, const service::RuleSpec& spec, Services& services) {
  std::string value;
  std::string what(services.texts.rule_silence);
  if (spec.resource != nullptr) {
    what = services.words.title_of(*spec.resource, cut_plain(spec.instance, kNameUnitsMax));
    value = services.words.value(spec.rule.threshold, spec.resource->unit);
    if (spec.per_core) value += " " + std::string(services.texts.rule_per_core);
  }
  return fill(text, {{"what", escape_html(what)},
                     {"value", value},
                     {"hold", services.words.duration(spec.rule.hold)},
                     {"within", services.words.duration(spec.rule.within)}});
}

std::string_view rule_pattern(const service::RuleSpec& spec, const Texts& texts) {
  if (spec.off) return texts.rule_off;
  switch (spec.rule.kind) {
    case Kind::kNoData:
      return texts.rule_no_data;
    case Kind::kAnomaly:
      return texts.rule_anomaly;
    case Kind::kPrediction:
      return texts.rule_prediction;
    case Kind::kThreshold:
      break;
  }
  return spec.rule.direction == Direction::kAbove ? texts.rule_above : texts.rule_below;
}

}  // namespace

ScopeChoice choose_scope(const Request& request, Services& services) {
  if (services.hub.servers().list().empty()) return {{}, "", say(std::string(services.texts.no_servers))};
  std::string rest = request.arguments;
  if (request.by_button || !request.asked.empty()) {
    const auto scope = pressed_scope(take_word(rest), services);
    if (scope) return {scope, rest, {}};
    return {{}, "", {ask_scope(services, std::string(services.texts.rules_whose))}};
  }
  if (const auto wide = take_wide_scope(rest)) return {wide, rest, {}};
  if (rest.empty()) return {{}, "", {ask_scope(services, std::string(services.texts.rules_whose))}};
  auto choice = choose_server(request, services, "rules");
  if (choice.server) return {service::RuleScope{choice.server->id, ""}, choice.rest, {}};
  const std::string name = escape_html(cut_plain(request.arguments, kNameUnitsMax));
  // "/thresholds cpu 85" of several servers: for whom?
  const bool names_none = take_resource(rest) != nullptr;
  return {{},
          "",
          {ask_scope(services, names_none ? std::string(services.texts.rules_whose)
                                          : fill(services.texts.unknown_server, {{"name", name}}))}};
}

Reply ask_scope(Services& services, std::string html) {
  std::vector<InlineButton> buttons{{std::string(services.texts.button_all_servers), "rules a"}};
  for (const std::string& tag : all_tags(services)) {
    if (buttons.size() > kTagButtonsMax) break;
    buttons.push_back({cut_plain(fill(services.texts.group, {{"tag", tag}}), 40), "rules t" + mark_of_name(tag)});
  }
  InlineKeyboard keyboard = in_rows(std::move(buttons), 2);
  for (auto& row : server_keyboard(services, "rules", 0)) keyboard.push_back(std::move(row));
  return {{std::move(html), std::move(keyboard), {}, {}}, true, {}};
}

std::string scope_argument(const service::RuleScope& scope) {
  if (scope.server != ServerId{}) return std::to_string(static_cast<int64_t>(scope.server));
  return scope.tag.empty() ? "a" : "t" + mark_of_name(scope.tag);
}

std::string scope_name(const service::RuleScope& scope, Services& services) {
  if (scope.server != ServerId{}) {
    const auto server = services.hub.servers().find(scope.server);
    return server ? escape_html(cut_plain(server->name, kNameUnitsMax)) : std::string(services.texts.removed_server);
  }
  if (scope.tag.empty()) return std::string(services.texts.all_servers);
  return fill(services.texts.group, {{"tag", escape_html(cut_plain(scope.tag, kNameUnitsMax))}});
}

std::vector<service::Server> servers_in(const service::RuleScope& scope, Services& services) {
  auto servers = services.hub.servers().list();
  std::erase_if(servers, [&](const service::Server& server) {
    if (scope.server != ServerId{}) return server.id != scope.server;
    return !scope.tag.empty() && !std::binary_search(server.tags.begin(), server.tags.end(), scope.tag);
  });
  return servers;
}

std::vector<service::EffectiveRule> rules_in(const service::RuleScope& scope, Services& services) {
  service::Server nobody;
  if (scope.server != ServerId{}) {
    const auto server = services.hub.servers().find(scope.server);
    return services.hub.rules().effective(server.value_or(nobody));
  }
  if (!scope.tag.empty()) nobody.tags = {scope.tag};
  return services.hub.rules().effective(nobody);
}

std::vector<service::RuleSpec> set_in(const service::RuleScope& scope, Services& services) {
  auto set = services.hub.rules().set_rules();
  std::erase_if(set, [&](const service::RuleSpec& spec) {
    return spec.scope.server != scope.server || spec.scope.tag != scope.tag;
  });
  return set;
}

std::vector<std::string> mounts_in(const service::RuleScope& scope, Services& services) {
  std::set<std::string> mounts;
  size_t asked = 0;
  for (const auto& server : servers_in(scope, services)) {
    if (++asked > kMountServersMax) break;
    for (const auto& channel : services.hub.query().channels(server.id)) {
      if (!channel.instance.empty()) mounts.insert(channel.instance);
    }
  }
  // One that is unmounted just now may have its rule all the same.
  for (const auto& spec : set_in(scope, services)) {
    if (!spec.instance.empty()) mounts.insert(spec.instance);
  }
  return {mounts.begin(), mounts.end()};
}

std::string rule_line(const service::RuleSpec& spec, Services& services) {
  const std::string line = fill_rule(rule_pattern(spec, services.texts), spec, services);
  if (spec.rule.severity != Severity::kCritical || spec.rule.kind == Kind::kNoData) return line;
  return fill(services.texts.rule_critical, {{"rule", line}});
}

std::string origin_text(const service::EffectiveRule& rule, Services& services) {
  if (rule.origin == "default") return std::string(services.texts.origin_default);
  if (rule.origin == "all") return std::string(services.texts.all_servers);
  if (rule.origin.starts_with("tag ")) return scope_name({{}, rule.origin.substr(4)}, services);
  return std::string(services.texts.origin_server);
}

}  // namespace mps::telegram
