#include "agent/kernel.h"

#include <array>
#include <utility>

#include "agent/scan.h"

namespace mps::agent {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kKernelFields = {
    {{"intr", "interrupts"}, {"ctxt", "context_switches"}, {"processes", "processes_forked"}, {"btime", "boot_time"}}};

}  // namespace

void collect_kernel(std::string_view proc_stat, std::string_view entropy_avail, Tick& tick) {
  tick.begin("kernel");
  while (!proc_stat.empty()) {
    std::string_view line = take_line(proc_stat);
    const std::string_view key = take_word(line);
    for (const auto& [name, field] : kKernelFields) {
      if (key != name) continue;
      if (const auto value = to_natural(take_word(line))) tick.integer(field, static_cast<int64_t>(*value));
    }
  }
  if (const auto bits = to_natural(trim(entropy_avail))) tick.integer("entropy_avail", static_cast<int64_t>(*bits));
}

}  // namespace mps::agent
