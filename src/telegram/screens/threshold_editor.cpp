#include "telegram/screens/threshold_editor.h"

#include <algorithm>
#include <fmt/format.h>

#include "telegram/html.h"
#include "telegram/rule_input.h"
#include "telegram/screens/common.h"
#include "telegram/screens/threshold_preview.h"

namespace mps::telegram {
namespace {

using alert::Direction, alert::Severity;
using namespace std::chrono_literals;

constexpr Duration kHolds[] = {1min, 5min, 10min, 30min};
constexpr Duration kSilences[] = {2min, 3min, 5min, 10min, 30min};

InlineButton rule_button(std::string text, const service::RuleScope& scope, std::string_view what,
                         const service::RuleSpec& rule) {
  return {cut_plain(text, 40), fmt::format("rules {} {} {}", scope_argument(scope), what, rule_argument(rule))};
}

std::string marked(std::string text, bool is_chosen) {
  return is_chosen ? "✓ " + text : text;
}

std::vector<InlineButton> value_buttons(const service::RuleScope& scope, const service::RuleSpec& rule,
                                        Services& services) {
  std::vector<InlineButton> buttons;
  for (const double value : suggested_values(rule)) {
    service::RuleSpec next = with_threshold(rule, value);
    next.off = false;
    const bool is_chosen = !rule.off && rule.rule.threshold == value;
    buttons.push_back(
        rule_button(marked(services.words.value(value, rule.resource->unit), is_chosen), scope, "=", next));
  }
  return buttons;
}

std::vector<InlineButton> hold_buttons(const service::RuleScope& scope, const service::RuleSpec& rule,
                                       std::span<const Duration> holds, Services& services) {
  std::vector<InlineButton> buttons;
  for (const Duration hold : holds) {
    service::RuleSpec next = rule;
    next.rule.hold = hold;
    next.off = false;
    buttons.push_back(
        rule_button(marked(services.words.duration(hold), !rule.off && rule.rule.hold == hold), scope, "=", next));
  }
  return buttons;
}

std::vector<InlineButton> kind_buttons(const service::RuleScope& scope, const service::RuleSpec& rule,
                                       Services& services) {
  std::vector<InlineButton> buttons;
  if (rule.resource != nullptr) {
    const bool critical = rule.rule.severity == Severity::kCritical;
    service::RuleSpec next = rule;
    next.rule.severity = critical ? Severity::kWarning : Severity::kCritical;
    const auto title = critical ? services.texts.button_as_warning : services.texts.button_as_critical;
    buttons.push_back(rule_button(std::string(title), scope, "=", next));
  }
  service::RuleSpec next = rule;
  next.off = !rule.off;
  const auto title = rule.off ? services.texts.button_on : services.texts.button_off;
  buttons.push_back(rule_button(std::string(title), scope, "=", next));
  return buttons;
}

}  // namespace

std::vector<double> suggested_values(const service::RuleSpec& rule) {
  if (rule.resource == nullptr) return {};
  const bool above = rule.rule.direction == Direction::kAbove;
  switch (rule.resource->unit) {
    case Unit::kPercent:
      return above ? std::vector<double>{70, 80, 85, 90, 95} : std::vector<double>{30, 20, 10, 5, 1};
    case Unit::kBytesPerSecond:
    case Unit::kNetBytesPerSecond:
    case Unit::kBitsPerSecond:
    case Unit::kBinaryBytesPerSecond:
      return {1e6, 10e6, 50e6, 100e6, 500e6};
    case Unit::kLoad:
      break;
  }
  return rule.per_core ? std::vector<double>{1, 1.5, 2, 3, 4} : std::vector<double>{1, 2, 4, 8, 16};
}

Reply edit_rule(const service::RuleScope& scope, const service::RuleSpec& rule, Services& services) {
  const Texts& texts = services.texts;
  std::string html =
      fill(texts.rule_title, {{"whom", scope_name(scope, services)}, {"rule", rule_line(rule, services)}});
  const std::string preview = preview_text(scope, {rule}, services);
  if (!preview.empty()) html += "\n\n" + preview;
  InlineKeyboard keyboard;
  if (rule.resource != nullptr) {
    keyboard.push_back(value_buttons(scope, rule, services));
    keyboard.push_back(hold_buttons(scope, rule, kHolds, services));
  } else {
    keyboard.push_back(hold_buttons(scope, rule, kSilences, services));
  }
  keyboard.push_back(kind_buttons(scope, rule, services));
  keyboard.push_back({rule_button(std::string(texts.button_set_rule), scope, "!", rule)});
  keyboard.push_back({{std::string(texts.button_back), "rules " + scope_argument(scope)}});
  return {{std::move(html), std::move(keyboard), {}, {}}, true, {}};
}

}  // namespace mps::telegram
