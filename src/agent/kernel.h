#pragma once

#include <string_view>

#include "agent/tick.h"

namespace mps::agent {

// /proc/stat and /proc/sys/kernel/random/entropy_avail -> kernel: the counters interrupts, context_switches,
// processes_forked; boot_time (unix seconds); entropy_avail. What is missing is left out.
void collect_kernel(std::string_view proc_stat, std::string_view entropy_avail, Tick& tick);

}  // namespace mps::agent
