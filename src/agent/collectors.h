#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "agent/cpu.h"
#include "agent/diskio.h"
#include "agent/net.h"
#include "agent/notices.h"
#include "agent/tick.h"

namespace mps::agent {

struct Mount;
struct DiskUsage;

// Where the machine is: / and /proc, or where a container sees those of its host.
struct Roots {
  std::filesystem::path proc = "/proc";
  std::filesystem::path root = "/";  // sys, run, dev and the mounted file systems lie under it
};

// Reads what the collectors need, and runs them. One thread.
class Collectors {
 public:
  Collectors(Roots roots, Notices& notices) : roots_(std::move(roots)), notices_(notices) {}

  // Gathers everything into `tick`. What can't be read is left out and said once; the first call has no rates (cpu,
  // io_util). `now` is the time of the call, which may be a little behind the tick's own.
  void collect(Timestamp now, Tick& tick);

 private:
  std::string read(const std::filesystem::path& path);
  std::optional<std::string> read_if_there(const std::filesystem::path& path) const;
  std::string mountinfo();
  std::optional<DiskUsage> usage_of(const Mount& mount) const;
  std::string label_of(const Mount& mount) const;
  void name_device(Mount& mount) const;
  Interface interface_of(std::string_view name) const;
  std::string wwid_of(std::string_view device);
  void collect_disks(Tick& tick);
  void collect_system_files(Tick& tick);
  void collect_processes(Tick& tick) const;
  std::filesystem::path sys(std::string_view path) const { return roots_.root / "sys" / path; }

  const Roots roots_;
  Notices& notices_;
  CpuCollector cpu_;
  DiskioCollector diskio_;
  std::map<std::string, std::string, std::less<>> wwids_;  // read once: they do not change
};

}  // namespace mps::agent
