#include "agent/system.h"

#include <cstring>
#include <fmt/format.h>
#include <set>
#include <utility>
#include <utmp.h>

#include "agent/scan.h"

namespace mps::agent {
namespace {

struct CpuCounts {
  int64_t logical = 0;
  int64_t physical = 0;  // cores
};

CpuCounts count_cpus(std::string_view cpuinfo) {
  CpuCounts counts;
  std::set<std::pair<std::string_view, std::string_view>> cores;
  std::string_view package;
  while (!cpuinfo.empty()) {
    const std::string_view line = take_line(cpuinfo);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (key == "processor") ++counts.logical;
    if (key == "physical id") package = value;
    if (key == "core id") cores.emplace(package, value);
  }
  // ARM names no cores: each processor is one.
  counts.physical = cores.empty() ? counts.logical : static_cast<int64_t>(cores.size());
  return counts;
}

void report_users(std::string_view bytes, Tick& tick) {
  int64_t users = 0;
  std::set<std::string> names;
  for (; bytes.size() >= sizeof(utmp); bytes.remove_prefix(sizeof(utmp))) {
    utmp entry;
    std::memcpy(&entry, bytes.data(), sizeof(entry));
    if (entry.ut_type != USER_PROCESS) continue;
    ++users;
    names.emplace(entry.ut_user, strnlen(entry.ut_user, sizeof(entry.ut_user)));
  }
  tick.integer("n_users", users);
  tick.integer("n_unique_users", static_cast<int64_t>(names.size()));
}

}  // namespace

std::string format_uptime(uint64_t seconds) {
  const uint64_t days = seconds / 86400;
  std::string text = days == 0 ? "" : fmt::format("{} day{}, ", days, days == 1 ? "" : "s");
  return text + fmt::format("{:2}:{:02}", seconds / 3600 % 24, seconds / 60 % 60);
}

void collect_system(const SystemFiles& files, Tick& tick) {
  tick.begin("system");
  std::string_view load = files.loadavg;
  for (const char* const name : {"load1", "load5", "load15"}) {
    if (const auto value = to_real(take_word(load))) tick.real(name, *value);
  }
  if (const CpuCounts cpus = count_cpus(files.cpuinfo); cpus.logical > 0) {
    tick.integer("n_cpus", cpus.logical);
    tick.integer("n_physical_cpus", cpus.physical);
  }
  if (files.utmp) report_users(*files.utmp, tick);
  std::string_view uptime = files.uptime;
  const auto seconds = to_real(take_word(uptime));
  if (!seconds || *seconds < 0) return;
  tick.begin("system");
  tick.natural("uptime", static_cast<uint64_t>(*seconds));
  tick.begin("system");
  tick.text("uptime_format", format_uptime(static_cast<uint64_t>(*seconds)));
}

}  // namespace mps::agent
