#include "agent/collectors.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>

#include "agent/disk.h"
#include "agent/kernel.h"
#include "agent/mem.h"
#include "agent/processes.h"
#include "agent/scan.h"
#include "agent/swap.h"
#include "agent/system.h"
#include "base/file.h"

namespace mps::agent {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kUpFlag = 0x1;
constexpr int64_t kLoopbackFlag = 0x8;

// `path` as it lies under `root`: joining would take an absolute path for the whole.
fs::path under(const fs::path& root, const fs::path& path) {
  return root / path.relative_path();
}

}  // namespace

std::string Collectors::read(const fs::path& path) {
  auto content = read_file(path);
  if (content) {
    notices_.solved(path.native(), fmt::format("{} can be read again", path.native()));
    return std::move(*content);
  }
  notices_.problem(path.native(), content.error().message + "; its figures are left out");
  return {};
}

std::optional<std::string> Collectors::read_if_there(const fs::path& path) const {
  auto content = read_file(path);
  if (!content) return std::nullopt;
  return std::move(*content);
}

void Collectors::collect(Timestamp now, Tick& tick) {
  const std::string stat = read(roots_.proc / "stat");
  const std::string meminfo = read(roots_.proc / "meminfo");
  cpu_.collect(stat, tick);
  collect_mem(meminfo, tick);
  collect_swap(meminfo, read(roots_.proc / "vmstat"), tick);
  collect_system_files(tick);
  collect_kernel(stat, read_if_there(roots_.proc / "sys/kernel/random/entropy_avail").value_or(""), tick);
  collect_processes(tick);
  collect_disks(tick);
  diskio_.collect(
      read_if_there(roots_.proc / "diskstats").value_or(""), now,
      [this](std::string_view device) { return wwid_of(device); }, tick);
  // net is a link to the reader's own namespace: of a host's /proc, ask process 1.
  const bool own = roots_.proc == "/proc";
  collect_net(
      read(roots_.proc / (own ? "net/dev" : "1/net/dev")), [this](std::string_view name) { return interface_of(name); },
      tick);
}

void Collectors::collect_system_files(Tick& tick) {
  const std::string loadavg = read(roots_.proc / "loadavg");
  const std::string cpuinfo = read(roots_.proc / "cpuinfo");
  const std::string uptime = read(roots_.proc / "uptime");
  const auto utmp = read_if_there(roots_.root / "run/utmp");
  collect_system({loadavg, cpuinfo, uptime, utmp}, tick);
}

void Collectors::collect_processes(Tick& tick) const {
  ProcessCounts counts;
  std::error_code failure;
  for (fs::directory_iterator entry(roots_.proc, failure), end; !failure && entry != end; entry.increment(failure)) {
    const std::string& path = entry->path().native();
    const bool is_process = std::isdigit(static_cast<unsigned char>(path[path.rfind('/') + 1])) != 0;
    if (!is_process) continue;
    if (const auto stat = read_if_there(entry->path() / "stat")) counts.add(*stat);
  }
  counts.report(tick);
}

std::string Collectors::mountinfo() {
  // Process 1 sees what the machine has mounted; under some sandboxes only our own view may be read.
  if (auto of_init = read_if_there(roots_.proc / "1/mountinfo")) return std::move(*of_init);
  return read(roots_.proc / "self/mountinfo");
}

void Collectors::name_device(Mount& mount) const {
  std::error_code failure;
  if (mount.device.starts_with("/dev/mapper/")) {
    const fs::path real = fs::canonical(under(roots_.root, mount.device), failure);
    if (!failure) mount.device = "/dev/" + real.filename().native();
  } else if (mount.device == "/dev/root") {
    const fs::path real = fs::read_symlink(sys("dev/block") / mount.device_number, failure);
    if (!failure) mount.device = "/dev/" + real.filename().native();
  }
}

std::optional<DiskUsage> Collectors::usage_of(const Mount& mount) const {
  const fs::path path = under(roots_.root, mount.path);
  struct stat kind {};
  // Containers mount single files (/etc/hosts): the disk behind them is another mount's.
  if (::stat(path.c_str(), &kind) != 0 || !S_ISDIR(kind.st_mode)) return std::nullopt;
  struct statvfs usage {};
  if (::statvfs(path.c_str(), &usage) != 0) return std::nullopt;
  return DiskUsage{usage.f_frsize, usage.f_blocks, usage.f_bfree, usage.f_bavail, usage.f_files, usage.f_ffree};
}

std::string Collectors::label_of(const Mount& mount) const {
  if (!mount.device.starts_with("/dev/dm-")) return {};
  const auto label = read_if_there(sys("block") / mount.device.substr(5) / "dm/name");
  return label ? std::string(trim(*label)) : std::string();
}

void Collectors::collect_disks(Tick& tick) {
  std::vector<Mount> mounts = parse_mountinfo(mountinfo());
  std::erase_if(mounts, [](const Mount& mount) { return !is_watched(mount); });
  for (Mount& mount : mounts) name_device(mount);
  collect_disk(
      mounts, [this](const Mount& mount) { return usage_of(mount); },
      [this](const Mount& mount) { return label_of(mount); }, tick);
}

Interface Collectors::interface_of(std::string_view name) const {
  const fs::path folder = sys("class/net") / name;
  const auto flags = read_if_there(folder / "flags");
  if (!flags) return {.up = true, .loopback = name == "lo"};  // no /sys: better all than none
  const int64_t bits = std::strtoll(flags->c_str(), nullptr, 16);
  Interface found{(bits & kUpFlag) != 0, (bits & kLoopbackFlag) != 0};
  if (const auto speed = read_if_there(folder / "speed")) {
    found.speed_mbits = static_cast<int64_t>(to_natural(trim(*speed)).value_or(0));
    if (found.speed_mbits == 0 || found.speed_mbits == UINT32_MAX) found.speed_mbits = -1;
  }
  return found;
}

std::string Collectors::wwid_of(std::string_view device) {
  if (const auto known = wwids_.find(device); known != wwids_.end()) return known->second;
  const auto wwid = read_if_there(sys("block") / device / "wwid");
  return wwids_.emplace(device, wwid ? trim(*wwid) : "").first->second;
}

}  // namespace mps::agent
