#include "agent/swap.h"

#include <algorithm>
#include <optional>

#include "agent/meminfo.h"
#include "agent/scan.h"

namespace mps::agent {
namespace {

constexpr uint64_t kPageBytes = 4096;  // as gopsutil counts, whatever the machine's pages

std::optional<uint64_t> vmstat_value(std::string_view vmstat, std::string_view name) {
  while (!vmstat.empty()) {
    std::string_view line = take_line(vmstat);
    if (take_word(line) == name) return to_natural(take_word(line));
  }
  return std::nullopt;
}

}  // namespace

void collect_swap(std::string_view meminfo, std::string_view vmstat, Tick& tick) {
  if (const auto total = meminfo_value(meminfo, "SwapTotal")) {
    const uint64_t free = std::min(*total, meminfo_value(meminfo, "SwapFree").value_or(0));
    tick.begin("swap");
    tick.natural("total", *total);
    tick.natural("used", *total - free);
    tick.natural("free", free);
    const double percent =
        100.0 * static_cast<double>(*total - free) / static_cast<double>(std::max<uint64_t>(*total, 1));
    tick.real("used_percent", percent);
  }
  const auto in = vmstat_value(vmstat, "pswpin");
  const auto out = vmstat_value(vmstat, "pswpout");
  if (!in || !out) return;
  tick.begin("swap");
  tick.natural("in", *in * kPageBytes);
  tick.natural("out", *out * kPageBytes);
}

}  // namespace mps::agent
