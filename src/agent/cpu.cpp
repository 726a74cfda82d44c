#include "agent/cpu.h"

#include <algorithm>

#include "agent/scan.h"

namespace mps::agent {

std::vector<CpuCollector::Cpu> CpuCollector::parse(std::string_view proc_stat) {
  std::vector<Cpu> cpus;
  while (!proc_stat.empty()) {
    std::string_view line = take_line(proc_stat);
    if (!line.starts_with("cpu")) continue;
    const std::string_view name = take_word(line);
    Times t;
    for (int64_t* const part :
         {&t.user, &t.nice, &t.system, &t.idle, &t.iowait, &t.irq, &t.softirq, &t.steal, &t.guest, &t.guest_nice}) {
      *part = static_cast<int64_t>(take_number(line));
    }
    cpus.push_back({std::string(name == "cpu" ? "cpu-total" : name), t});
  }
  // Telegraf puts the total last.
  if (!cpus.empty() && cpus.front().name == "cpu-total") std::rotate(cpus.begin(), cpus.begin() + 1, cpus.end());
  return cpus;
}

void CpuCollector::report(const Cpu& now, const Times& before, Tick& tick) {
  const int64_t whole = now.times.total() - before.total();
  if (whole <= 0) return;
  const Times& t = now.times;
  const auto share = [&](int64_t part) { return 100.0 * static_cast<double>(part) / static_cast<double>(whole); };
  const int64_t guest = t.guest - before.guest;
  const int64_t guest_nice = t.guest_nice - before.guest_nice;
  tick.begin("cpu", {{"cpu", now.name}});
  tick.real("usage_user", share(t.user - before.user - guest));
  tick.real("usage_system", share(t.system - before.system));
  tick.real("usage_idle", share(t.idle - before.idle));
  tick.real("usage_nice", share(t.nice - before.nice - guest_nice));
  tick.real("usage_iowait", share(t.iowait - before.iowait));
  tick.real("usage_irq", share(t.irq - before.irq));
  tick.real("usage_softirq", share(t.softirq - before.softirq));
  tick.real("usage_steal", share(t.steal - before.steal));
  tick.real("usage_guest", share(guest));
  tick.real("usage_guest_nice", share(guest_nice));
}

void CpuCollector::collect(std::string_view proc_stat, Tick& tick) {
  std::vector<Cpu> cpus = parse(proc_stat);
  for (const Cpu& cpu : cpus) {
    const auto before = std::find_if(last_.begin(), last_.end(), [&](const Cpu& l) { return l.name == cpu.name; });
    if (before != last_.end()) report(cpu, before->times, tick);
  }
  last_ = std::move(cpus);
}

}  // namespace mps::agent
