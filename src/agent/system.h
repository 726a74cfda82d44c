#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/tick.h"

namespace mps::agent {

// What the collector of system reads; a file that could not be read is empty, and its fields are left out.
struct SystemFiles {
  std::string_view loadavg;              // /proc/loadavg
  std::string_view cpuinfo;              // /proc/cpuinfo
  std::string_view uptime;               // /proc/uptime
  std::optional<std::string_view> utmp;  // /run/utmp, the bytes of struct utmp
};

// -> system, three points as Telegraf sends them: load1, load5, load15, n_cpus, n_physical_cpus, n_users,
// n_unique_users; uptime (seconds); uptime_format ("14 days, 11:07").
void collect_system(const SystemFiles& files, Tick& tick);

std::string format_uptime(uint64_t seconds);

}  // namespace mps::agent
