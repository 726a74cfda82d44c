#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mps::agent {

// One figure of /proc/meminfo: in bytes where the line says kB, else as it stands. Nothing where the line is missing.
std::optional<uint64_t> meminfo_value(std::string_view meminfo, std::string_view name);

}  // namespace mps::agent
