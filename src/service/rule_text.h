#pragma once

#include <string>

#include "service/rule_book.h"

namespace mps::service {

// "Disk /data above 85 % for 5m", "silent for 3m", "Disk above 95 % within 24h": what a rule asks for, as people read
// it. Plain text.
// kLimit: without how long it must last.
enum class RuleText { kWhole, kLimit };
std::string rule_text(const Resource* resource, const std::string& instance, const alert::Rule& rule, bool per_core,
                      RuleText how_much = RuleText::kWhole);

}  // namespace mps::service
