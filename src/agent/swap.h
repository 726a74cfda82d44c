#pragma once

#include <string_view>

#include "agent/tick.h"

namespace mps::agent {

// /proc/meminfo and /proc/vmstat -> swap: total, used, free, used_percent; and, as a point of its own, the counters in
// and out, in bytes since the start of the machine.
void collect_swap(std::string_view meminfo, std::string_view vmstat, Tick& tick);

}  // namespace mps::agent
