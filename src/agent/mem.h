#pragma once

#include <string_view>

#include "agent/tick.h"

namespace mps::agent {

// /proc/meminfo -> mem: Telegraf's 34 fields, in bytes (huge_pages_total and huge_pages_free are counts). used is
// total - available; cached includes what the kernel can reclaim of its slabs. A kernel before 3.14 says no
// MemAvailable: free + buffers + cached stands in. Nothing where there is no MemTotal.
void collect_mem(std::string_view meminfo, Tick& tick);

}  // namespace mps::agent
