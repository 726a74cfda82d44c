#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "service/rule_text.h"
#include "telegram/html.h"
#include "telegram/kind_input.h"
#include "telegram/rule_input.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/rule_scope.h"
#include "telegram/screens/threshold_editor.h"
#include "telegram/screens/threshold_preview.h"

// Buttons: "rules SCOPE" shows what is in force; "= RULE" tries one, "! RULE" sets it; "p PRESET" and "P PRESET" the
// same with a set of them; "d" and "D" go back to what the wider scopes say; "w" asks for a rule in words.
namespace mps::telegram {
namespace {

constexpr size_t kRulesUnitsMax = 3000;

InlineButton scope_button(std::string_view text, const service::RuleScope& scope, std::string_view rest = "") {
  return {cut_plain(text, 40), fmt::format("rules {}{}{}", scope_argument(scope), rest.empty() ? "" : " ", rest)};
}

service::RuleSpec spec_in(const service::EffectiveRule& rule) {
  return {{}, rule.resource, rule.instance, rule.rule, rule.per_core, rule.off};
}

// The rule that the editor opens with.
std::string opening(const Resource* resource, const std::vector<service::EffectiveRule>& current) {
  const auto severity = resource == nullptr ? alert::Severity::kCritical : alert::Severity::kWarning;
  service::RuleSpec spec = current_rule(resource, "", alert::Direction::kAbove, severity, current);
  const bool is_new = std::none_of(current.begin(), current.end(), [&](const auto& rule) {
    return rule.resource == resource && rule.rule.kind == alert::Kind::kThreshold;
  });
  if (resource != nullptr && is_new) spec = with_threshold(spec, suggested_values(spec).back());
  return rule_argument(spec);
}

InlineKeyboard scope_keyboard(const service::RuleScope& scope, const std::vector<service::EffectiveRule>& current,
                              Services& services) {
  const Texts& texts = services.texts;
  std::vector<InlineButton> buttons;
  for (const Resource& resource : resources())
    buttons.push_back(scope_button(services.words.title_of(resource), scope, "= " + opening(&resource, current)));
  buttons.push_back(scope_button(texts.rule_silence, scope, "= " + opening(nullptr, current)));
  InlineKeyboard keyboard = in_rows(std::move(buttons), 3);
  keyboard.emplace_back();
  for (const Preset& preset : presets())
    keyboard.back().push_back(scope_button(texts.*preset.title, scope, fmt::format("p {}", preset.name)));
  keyboard.push_back({scope_button(texts.button_write_rule, scope, "w")});
  if (!set_in(scope, services).empty()) keyboard.push_back({scope_button(texts.button_back_to_default, scope, "d")});
  keyboard.push_back({{std::string(texts.button_other_scope), "rules"}});
  return keyboard;
}

Reply show_scope(const service::RuleScope& scope, const std::string& news, Services& services) {
  const auto current = rules_in(scope, services);
  std::vector<std::string> lines;
  for (const auto& rule : current) {
    lines.push_back("• " + fill(services.texts.rules_line, {{"rule", rule_line(spec_in(rule), services)},
                                                            {"origin", origin_text(rule, services)}}));
  }
  const std::string title = fill(services.texts.rules_title, {{"whom", scope_name(scope, services)}});
  std::string html = news.empty() ? title : news + "\n\n" + title;
  html = service::fit_lines(html, lines, kRulesUnitsMax).html + "\n\n" + std::string(services.texts.rules_how);
  return {{std::move(html), scope_keyboard(scope, current, services), {}, {}}, true, {}};
}

Replies ask_in_words(const Request& request, const service::RuleScope& scope, const std::string& before,
                     Services& services) {
  const auto asked = services.questions.ask(request.chat, request.from.id, "thresholds " + scope_argument(scope));
  if (!asked) return say(fill(services.texts.failure, {{"reason", reason_of(asked.error(), services.texts)}}));
  const std::string question = fill(services.texts.ask_rule, {{"whom", scope_name(scope, services)}});
  return {{{before + question, ForceReply{std::string(services.texts.ask_rule_placeholder)}, {}, {}}, false, {}}};
}

std::string complaint_of(const TypedRule& typed, Services& services) {
  const std::string what = escape_html(cut_plain(typed.what, 60));
  if (typed.missing == TypedRule::Missing::kNumber) return fill(services.texts.rule_lacks_number, {{"what", what}});
  if (typed.missing == TypedRule::Missing::kRest) return fill(services.texts.rule_rest_unknown, {{"what", what}});
  std::string known;
  for (const Resource& resource : resources()) known += (known.empty() ? "" : ", ") + std::string(resource.name);
  return fill(services.texts.rule_lacks_resource, {{"known", known}});
}

Replies show_preset(const service::RuleScope& scope, const Preset& preset, Services& services) {
  std::string html = fill(services.texts.preset_title,
                          {{"preset", services.texts.*preset.title}, {"whom", scope_name(scope, services)}});
  for (const service::RuleSpec& rule : preset.rules) html += "\n• " + rule_line(rule, services);
  const std::string preview = preview_text(scope, preset.rules, services);
  if (!preview.empty()) html += "\n\n" + preview;
  InlineKeyboard keyboard{{scope_button(services.texts.button_set_rule, scope, fmt::format("P {}", preset.name))},
                          {scope_button(services.texts.button_back, scope)}};
  return {{{std::move(html), std::move(keyboard), {}, {}}, true, {}}};
}

void note_rule(const Request& request, const service::RuleScope& scope, service::Change change, std::string_view what,
               Services& services) {
  const auto server = services.hub.servers().find(scope.server);
  const std::string whom = server ? server->name : scope.tag.empty() ? "all" : "tag " + scope.tag;
  note(request, services, change, fmt::format("{}: {}", whom, what));
}

Result<Reply> set_preset(const Request& request, const service::RuleScope& scope, const Preset& preset,
                         Services& services) {
  for (service::RuleSpec rule : preset.rules) {
    rule.scope = scope;
    MPS_TRY_VOID(services.hub.rules().set(rule));
  }
  note_rule(request, scope, service::Change::kRuleSet, std::string(preset.name), services);
  const std::string news = fill(services.texts.preset_set, {{"preset", services.texts.*preset.title}});
  return show_scope(scope, news, services);
}

Result<Reply> set_rule(const Request& request, const service::RuleScope& scope, service::RuleSpec spec,
                       Services& services) {
  spec.scope = scope;
  MPS_TRY_VOID(services.hub.rules().set(spec));
  const std::string what = service::rule_text(spec.resource, spec.instance, spec.rule, spec.per_core);
  note_rule(request, scope, service::Change::kRuleSet, spec.off ? what + ": off" : what, services);
  return show_scope(scope, fill(services.texts.rule_set, {{"rule", rule_line(spec, services)}}), services);
}

Reply ask_default(const service::RuleScope& scope, Services& services) {
  std::string html = fill(services.texts.rules_default_sure, {{"whom", scope_name(scope, services)}});
  for (const service::RuleSpec& rule : set_in(scope, services)) html += "\n• " + rule_line(rule, services);
  InlineKeyboard keyboard{{scope_button(services.texts.button_back_to_default, scope, "D")},
                          {scope_button(services.texts.button_back, scope)}};
  return {{cut_html(html, kRulesUnitsMax), std::move(keyboard), {}, {}}, true, {}};
}

Result<Reply> back_to_default(const Request& request, const service::RuleScope& scope, Services& services) {
  for (const service::RuleSpec& rule : set_in(scope, services)) {
    MPS_TRY_VOID(services.hub.rules().remove(rule));
  }
  note_rule(request, scope, service::Change::kRuleRemoved, "default", services);
  return show_scope(scope, std::string(services.texts.rules_default_done), services);
}

// Of percents: a threshold that nothing can be beyond.
bool never_fires(const service::RuleSpec& spec) {
  if (spec.off || spec.resource == nullptr || spec.resource->unit != Unit::kPercent) return false;
  const double threshold = spec.rule.threshold;
  return threshold > 100 || (spec.rule.direction == alert::Direction::kAbove ? threshold >= 100 : threshold <= 0);
}

// What is typed behind the scope.
Replies show_typed(const Request& request, const service::RuleScope& scope, const std::string& text,
                   Services& services) {
  std::string word = text;
  if (const Preset* preset = find_preset(next_word(word)); preset != nullptr && word.empty())
    return show_preset(scope, *preset, services);
  word = text;
  if (take_any(word, {"default", "defaults", "reset", "сброс"}) && word.empty()) return {ask_default(scope, services)};
  const auto typed = read_rule(text, rules_in(scope, services), mounts_in(scope, services));
  if (!typed.rule) return ask_in_words(request, scope, complaint_of(typed, services) + "\n\n", services);
  if (never_fires(*typed.rule)) {
    const std::string complaint =
        fill(services.texts.rule_out_of_range,
             {{"what", services.words.title_of(*typed.rule->resource)},
              {"value", services.words.value(typed.rule->rule.threshold, typed.rule->resource->unit)}});
    return ask_in_words(request, scope, complaint + "\n\n", services);
  }
  return {edit_rule(scope, *typed.rule, services)};
}

Result<Replies> press_rules(const Request& request, const service::RuleScope& scope, std::string rest,
                            Services& services) {
  const auto one = [](Result<Reply> reply) -> Result<Replies> {
    if (!reply) return reply.error();
    return Replies{std::move(*reply)};
  };
  const std::string what = take_word(rest);
  if (what == "w") return ask_in_words(request, scope, "", services);
  if (what == "d") return Replies{ask_default(scope, services)};
  if (what == "D") return one(back_to_default(request, scope, services));
  if (const Preset* preset = find_preset(rest); preset != nullptr) {
    if (what == "p") return show_preset(scope, *preset, services);
    if (what == "P") return one(set_preset(request, scope, *preset, services));
  }
  const auto rule = read_rule_argument(rest, rules_in(scope, services), mounts_in(scope, services));
  if (rule && what == "=") return Replies{edit_rule(scope, *rule, services)};
  if (rule && what == "!") return one(set_rule(request, scope, *rule, services));
  return Replies{show_scope(scope, "", services)};
}

Replies show_thresholds(const Request& request, Services& services) {
  const auto choice = choose_scope(request, services);
  if (!choice.scope) return choice.otherwise;
  if (!request.by_button && choice.rest.empty()) return {show_scope(*choice.scope, "", services)};
  if (!request.by_button) return show_typed(request, *choice.scope, choice.rest, services);
  auto replies = press_rules(request, *choice.scope, choice.rest, services);
  if (replies) return std::move(*replies);
  return say(fill(services.texts.failure, {{"reason", reason_of(replies.error(), services.texts)}}));
}

// Looking is free; what changes rules stands behind the scope of a button.
Role role_for_rules(const Request& request) {
  if (!request.by_button) return Role::kViewer;
  std::string rest = request.arguments;
  take_word(rest);
  const std::string what = take_word(rest);
  return what == "!" || what == "P" || what == "D" ? Role::kAdmin : Role::kViewer;
}

}  // namespace

const Screen kThresholdsScreen{.command = "thresholds",
                               .menu = &Texts::menu_thresholds,
                               .role = Role::kViewer,
                               .show = show_thresholds,
                               .role_for = role_for_rules,
                               .help = &Texts::help_thresholds};
const Screen kRulesScreen{
    .command = "rules", .menu = nullptr, .role = Role::kViewer, .show = show_thresholds, .role_for = role_for_rules};

}  // namespace mps::telegram
