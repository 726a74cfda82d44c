#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/tick.h"

namespace mps::agent {

struct Mount {
  std::string device_number;  // "259:1"
  std::string device;         // "/dev/nvme0n1p1"
  std::string path;           // "/mnt/my disk", unescaped
  std::string filesystem;     // "ext4"
  bool read_only = false;
};

struct DiskUsage {
  uint64_t block_bytes = 0;
  uint64_t blocks = 0, blocks_free = 0, blocks_available = 0;  // available: to who is not root
  uint64_t inodes = 0, inodes_free = 0;
};

// /proc/1/mountinfo (proc(5)). Of mounts on top of each other the last, which is the one that is seen. Lines that make
// no sense are skipped.
std::vector<Mount> parse_mountinfo(std::string_view mountinfo);

// False for what Telegraf leaves out by default (tmpfs devtmpfs devfs iso9660 overlay aufs squashfs, autofs), but for
// "/": that a container's root is an overlay is no reason not to watch it fill up.
bool is_watched(const Mount& mount);

// -> disk,path=,device=,fstype=,mode=rw|ro,label=: total, free, used, used_percent, inodes_total, inodes_free,
// inodes_used, inodes_used_percent. used_percent is used / (used + free), as df shows it: what is reserved for root is
// neither. File systems of size 0 (proc, cgroup) are skipped. `usage` tells of a mount, nothing where that can't be
// told; `label` is the name of a device-mapper device, "" for others.
void collect_disk(std::span<const Mount> mounts, const std::function<std::optional<DiskUsage>(const Mount&)>& usage,
                  const std::function<std::string(const Mount&)>& label, Tick& tick);

}  // namespace mps::agent
