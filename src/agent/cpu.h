#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/tick.h"

namespace mps::agent {

// /proc/stat -> cpu,cpu=cpu0|cpu1|...|cpu-total: usage_user, usage_system, usage_idle, usage_nice, usage_iowait,
// usage_irq, usage_softirq, usage_steal, usage_guest, usage_guest_nice, in percent since the last call.
// Telegraf's arithmetic: user and nice without the guests that the kernel counts in them; the whole is user + system +
// nice + iowait + irq + softirq + steal + idle. A CPU seen for the first time, or whose counters did not grow (a reset,
// no time passed), has no line. The kernel lets iowait and idle fall now and then: then a share may be below 0.
class CpuCollector {
 public:
  void collect(std::string_view proc_stat, Tick& tick);

 private:
  struct Times {  // in ticks of the kernel, in the order of /proc/stat
    int64_t user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0, guest = 0,
            guest_nice = 0;
    int64_t total() const { return user + system + nice + iowait + irq + softirq + steal + idle; }
  };
  struct Cpu {
    std::string name;
    Times times;
  };

  static std::vector<Cpu> parse(std::string_view proc_stat);
  static void report(const Cpu& now, const Times& before, Tick& tick);

  std::vector<Cpu> last_;
};

}  // namespace mps::agent
