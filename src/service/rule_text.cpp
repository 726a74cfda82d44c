#include "service/rule_text.h"

#include <fmt/format.h>

#include "base/text.h"

namespace mps::service {

std::string rule_text(const Resource* resource, const std::string& instance, const alert::Rule& rule, bool per_core,
                      RuleText how_much) {
  if (resource == nullptr) return fmt::format("silent for {}", format_duration(rule.hold));
  const std::string what =
      instance.empty() ? std::string(resource->title) : fmt::format("{} {}", resource->title, instance);
  if (rule.kind == alert::Kind::kAnomaly)
    return fmt::format("{} outside its 99 % band for {}", what, format_duration(rule.hold));
  const std::string limit = fmt::format("{} {} {}{}", what, alert::name_of(rule.direction),
                                        format_value(rule.threshold, resource->unit), per_core ? " per core" : "");
  if (how_much == RuleText::kLimit) return limit;
  if (rule.kind == alert::Kind::kPrediction) return fmt::format("{} within {}", limit, format_duration(rule.within));
  return fmt::format("{} for {}", limit, format_duration(rule.hold));
}

}  // namespace mps::service
