#include "agent/disk.h"

#include <algorithm>
#include <array>

#include "agent/scan.h"

namespace mps::agent {
namespace {

constexpr std::array<std::string_view, 8> kIgnored = {"autofs",  "tmpfs",   "devtmpfs", "devfs",
                                                      "iso9660", "overlay", "aufs",     "squashfs"};

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

// "\040" is a space: three octal digits behind a backslash.
std::string unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
                        is_octal(text[i + 3]);
    if (!escape) {
      out += text[i];
      continue;
    }
    out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    i += 3;
  }
  return out;
}

bool has_option(std::string_view options, std::string_view wanted) {
  while (!options.empty()) {
    const size_t comma = options.find(',');
    if (options.substr(0, comma) == wanted) return true;
    options.remove_prefix(comma == std::string_view::npos ? options.size() : comma + 1);
  }
  return false;
}

// 36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/device rw,errors=continue
std::optional<Mount> parse_mount(std::string_view line) {
  const size_t separator = line.find(" - ");
  if (separator == std::string_view::npos) return std::nullopt;
  std::string_view left = line.substr(0, separator);
  std::string_view right = line.substr(separator + 3);
  take_word(left);
  take_word(left);
  Mount mount;
  mount.device_number = take_word(left);
  take_word(left);
  mount.path = unescape(take_word(left));
  mount.read_only = has_option(take_word(left), "ro");
  mount.filesystem = take_word(right);
  mount.device = unescape(take_word(right));
  if (mount.path.empty() || mount.device.empty()) return std::nullopt;
  return mount;
}

double percent(uint64_t used, uint64_t free) {
  return used + free == 0 ? 0 : 100.0 * static_cast<double>(used) / static_cast<double>(used + free);
}

void report(const Mount& mount, const DiskUsage& usage, const std::string& label, Tick& tick) {
  const uint64_t used = (usage.blocks - std::min(usage.blocks, usage.blocks_free)) * usage.block_bytes;
  const uint64_t free = usage.blocks_available * usage.block_bytes;
  const uint64_t inodes_used = usage.inodes - std::min(usage.inodes, usage.inodes_free);
  std::string_view device = mount.device;
  if (device.starts_with("/dev/")) device.remove_prefix(5);
  tick.begin("disk", {{"device", device},
                      {"fstype", mount.filesystem},
                      {"label", label},
                      {"mode", mount.read_only ? "ro" : "rw"},
                      {"path", mount.path}});
  tick.natural("total", usage.blocks * usage.block_bytes);
  tick.natural("free", free);
  tick.natural("used", used);
  tick.real("used_percent", percent(used, free));
  tick.natural("inodes_total", usage.inodes);
  tick.natural("inodes_free", usage.inodes_free);
  tick.natural("inodes_used", inodes_used);
  tick.real("inodes_used_percent", percent(inodes_used, usage.inodes_free));
}

}  // namespace

std::vector<Mount> parse_mountinfo(std::string_view mountinfo) {
  std::vector<Mount> mounts;
  while (!mountinfo.empty()) {
    auto mount = parse_mount(take_line(mountinfo));
    if (!mount) continue;
    std::erase_if(mounts, [&](const Mount& below) { return below.path == mount->path; });
    mounts.push_back(std::move(*mount));
  }
  return mounts;
}

bool is_watched(const Mount& mount) {
  return mount.path == "/" || std::find(kIgnored.begin(), kIgnored.end(), mount.filesystem) == kIgnored.end();
}

void collect_disk(std::span<const Mount> mounts, const std::function<std::optional<DiskUsage>(const Mount&)>& usage,
                  const std::function<std::string(const Mount&)>& label, Tick& tick) {
  for (const Mount& mount : mounts) {
    if (!is_watched(mount)) continue;
    const auto used = usage(mount);
    if (used && used->blocks != 0) report(mount, *used, label(mount), tick);
  }
}

}  // namespace mps::agent
