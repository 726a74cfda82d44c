#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/rule_book.h"

// Rules as people type them, and as buttons carry them.
namespace mps::telegram {

// What a rule that is typed asks for; the rest is as `current` has it, the rules that are in force where it will be.
// "cpu 85 for 10m", "disk / 90", "ram > 90% 5м", "load 2 per core", "ram below 10", "disk 97 critical", "swap off",
// "silent 5m", "диск /data 90 10 мин". `mounts`: what may be named, since paths hold spaces too.
struct TypedRule {
  std::optional<service::RuleSpec> rule;  // without a scope
  enum class Missing { kNothing, kResource, kNumber, kRest };
  Missing missing = Missing::kNothing;
  std::string what;  // kRest: what nobody understands; kNumber: the resource's name
};
TypedRule read_rule(const std::string& text, const std::vector<service::EffectiveRule>& current,
                    const std::vector<std::string>& mounts);

// The rule that is in force now for the same thing, as a spec without a scope; what a new server has where there is
// none; a plain one ("for 5m") where there is no default either.
service::RuleSpec current_rule(const Resource* resource, const std::string& instance, alert::Direction direction,
                               alert::Severity severity, const std::vector<service::EffectiveRule>& current);

// The same rule with another threshold; the gap to `clear` stays.
service::RuleSpec with_threshold(service::RuleSpec spec, double threshold);

// "cpu>85 600 w", "load>2 600 wc", "disk>90 300 w #a1b2c3", "swap>off 600 w", "-> 180 k": at most 40 bytes. A mount
// point is a mark of its name.
std::string rule_argument(const service::RuleSpec& spec);
std::optional<service::RuleSpec> read_rule_argument(std::string text,
                                                    const std::vector<service::EffectiveRule>& current,
                                                    const std::vector<std::string>& mounts);

// Six hexadecimal digits that stand for a long name in a button.
std::string mark_of_name(std::string_view name);

}  // namespace mps::telegram
