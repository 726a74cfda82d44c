#include "agent/meminfo.h"

#include "agent/scan.h"

namespace mps::agent {

std::optional<uint64_t> meminfo_value(std::string_view meminfo, std::string_view name) {
  while (!meminfo.empty()) {
    std::string_view line = take_line(meminfo);
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with(':')) continue;
    line.remove_prefix(name.size() + 1);
    const auto value = to_natural(take_word(line));
    if (!value) return std::nullopt;
    return take_word(line) == "kB" ? *value * 1024 : *value;
  }
  return std::nullopt;
}

}  // namespace mps::agent
