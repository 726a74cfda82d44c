#pragma once

#include <vector>

#include "telegram/screens/rule_scope.h"

namespace mps::telegram {

// One rule on its way: what it asks for, what it would have done, and buttons for each part of
// it. Nothing is set before somebody presses "set".
Reply edit_rule(const service::RuleScope& scope, const service::RuleSpec& rule, Services& services);

// Thresholds that people may want, from the most watchful on.
std::vector<double> suggested_values(const service::RuleSpec& rule);

}  // namespace mps::telegram
