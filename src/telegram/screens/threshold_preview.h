#pragma once

#include <string>
#include <vector>

#include "service/rule_preview.h"
#include "telegram/screens/rule_scope.h"

// What rules would have done on the samples of the last 30 days, and the ready-made sets of them.
namespace mps::telegram {

// As lines for people. Looks at the first few servers of a wide scope, and says so.
std::string preview_text(const service::RuleScope& scope, const std::vector<service::RuleSpec>& rules,
                         Services& services);

struct Preset {
  std::string_view name;  // in buttons and commands: "calm"
  std::string_view Texts::*title;
  std::vector<service::RuleSpec> rules;  // without a scope
};
// From the calmest on; "normal" is what a new server has.
const std::vector<Preset>& presets();
const Preset* find_preset(std::string_view name);

}  // namespace mps::telegram
