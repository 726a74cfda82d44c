#include "metric/resource.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "base/text.h"

namespace mps {
namespace {

using Names = std::string_view;
constexpr std::array kCpuColumns = {Names("cpu"), Names("cpu_percent"), Names("cpu_usage")};
constexpr std::array kRamColumns = {Names("ram"), Names("mem"), Names("mem_percent"), Names("ram_percent"),
                                    Names("memory_percent")};
constexpr std::array kDiskColumns = {Names("disk"), Names("disk_percent"), Names("disk_used_percent")};
constexpr std::array kNetRxColumns = {Names("net_rx"), Names("net_rx_bytes_per_s")};
constexpr std::array kNetTxColumns = {Names("net_tx"), Names("net_tx_bytes_per_s")};
constexpr std::array kLoadColumns = {Names("load"), Names("load1")};
constexpr std::array kSwapColumns = {Names("swap"), Names("swap_percent")};
constexpr std::array kDiskReadColumns = {Names("disk_read"), Names("disk_read_bytes_per_s")};
constexpr std::array kDiskWriteColumns = {Names("disk_write"), Names("disk_write_bytes_per_s")};

constexpr auto kPercent = Unit::kPercent;
constexpr auto kBytes = Unit::kBytesPerSecond;
constexpr auto kNetBytes = Unit::kNetBytesPerSecond;
constexpr auto kNone = InstanceFilter::kNone;
constexpr auto kRealInterface = InstanceFilter::kRealInterface;
constexpr auto kWholeDisk = InstanceFilter::kWholeDisk;
constexpr auto kSingle = Instances::kSingle;
constexpr auto kSum = Instances::kSum;
constexpr auto kEach = Instances::kEach;
constexpr auto kMean = Aggregate::kMean;
constexpr auto kRate = Aggregate::kRate;

const std::array kResources = {
    Resource{"cpu", "CPU", kPercent, "cpu", "usage_idle", "cpu", "cpu-total", "", kSingle, kNone, kMean, -1, 100, 90,
             true, kCpuColumns},
    Resource{"ram", "RAM", kPercent, "mem", "used_percent", "", "", "", kSingle, kNone, kMean, 1, 0, 90, true,
             kRamColumns},
    Resource{"disk", "Disk", kPercent, "disk", "used_percent", "", "", "path", kEach, kNone, kMean, 1, 0, 90, true,
             kDiskColumns},
    Resource{"net_rx",
             "Network in",
             kNetBytes,
             "net",
             "bytes_recv",
             "",
             "",
             "interface",
             kSum,
             kRealInterface,
             kRate,
             1,
             0,
             {},
             true,
             kNetRxColumns},
    Resource{"net_tx",
             "Network out",
             kNetBytes,
             "net",
             "bytes_sent",
             "",
             "",
             "interface",
             kSum,
             kRealInterface,
             kRate,
             1,
             0,
             {},
             true,
             kNetTxColumns},
    Resource{"load",
             "Load",
             Unit::kLoad,
             "system",
             "load1",
             "",
             "",
             "",
             kSingle,
             kNone,
             kMean,
             1,
             0,
             {},
             true,
             kLoadColumns},
    Resource{"swap",
             "Swap",
             kPercent,
             "swap",
             "used_percent",
             "",
             "",
             "",
             kSingle,
             kNone,
             kMean,
             1,
             0,
             {},
             false,
             kSwapColumns},
    Resource{"disk_read",
             "Disk reads",
             kBytes,
             "diskio",
             "read_bytes",
             "",
             "",
             "name",
             kSum,
             kWholeDisk,
             kRate,
             1,
             0,
             {},
             false,
             kDiskReadColumns},
    Resource{"disk_write",
             "Disk writes",
             kBytes,
             "diskio",
             "write_bytes",
             "",
             "",
             "name",
             kSum,
             kWholeDisk,
             kRate,
             1,
             0,
             {},
             false,
             kDiskWriteColumns},
};

// Interfaces whose traffic is somebody else's traffic seen twice, or goes nowhere. "all" is the protocol counters of
// Telegraf before 1.37.
constexpr std::array kUnrealInterfaces = {
    Names("lo"),   Names("all"),  Names("veth*"),    Names("docker*"), Names("br-*"),   Names("virbr*"), Names("ifb*"),
    Names("tap*"), Names("cni*"), Names("flannel*"), Names("cali*"),   Names("dummy*"), Names("vnet*")};
constexpr std::array kUnrealDisks = {Names("loop*"), Names("ram*"), Names("zram*"), Names("dm-*"),
                                     Names("md*"),   Names("sr*"),  Names("fd*")};

bool matches(std::string_view name, std::string_view pattern) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : name == pattern;
}

template <class Patterns>
bool matches_any(std::string_view name, const Patterns& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string_view pattern) { return matches(name, pattern); });
}

// "vda1" is a partition of "vda", "nvme0n1p1" of "nvme0n1".
bool is_partition_of(std::string_view name, std::string_view disk) {
  if (name.size() <= disk.size() || !name.starts_with(disk)) return false;
  std::string_view rest = name.substr(disk.size());
  const bool disk_ends_in_digit = !disk.empty() && disk.back() >= '0' && disk.back() <= '9';
  if (disk_ends_in_digit) {
    if (!rest.starts_with('p')) return false;
    rest.remove_prefix(1);
  }
  return !rest.empty() && rest.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_somebodys_partition(std::string_view name, const std::set<std::string_view>& names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view disk) { return is_partition_of(name, disk); });
}

}  // namespace

std::span<const Resource> resources() {
  return kResources;
}

const Resource* find_resource(std::string_view name) {
  const auto found =
      std::find_if(kResources.begin(), kResources.end(), [&](const Resource& r) { return r.name == name; });
  return found == kResources.end() ? nullptr : &*found;
}

bool belongs_to(const SeriesKey& key, const Resource& resource) {
  if (key.measurement != resource.measurement || key.field != resource.field) return false;
  if (!resource.tag_name.empty() && key.tag(resource.tag_name) != resource.tag_value) return false;
  if (resource.instance_tag.empty()) return true;
  const std::string_view instance = key.tag(resource.instance_tag);
  switch (resource.filter) {
    case InstanceFilter::kRealInterface:
      return !matches_any(instance, kUnrealInterfaces);
    case InstanceFilter::kWholeDisk:
      return !matches_any(instance, kUnrealDisks);
    case InstanceFilter::kNone:
      break;
  }
  return !instance.empty();
}

std::vector<SeriesKey> select_series(std::span<const SeriesKey> all, const Resource& resource) {
  std::vector<SeriesKey> chosen;
  std::copy_if(all.begin(), all.end(), std::back_inserter(chosen),
               [&](const SeriesKey& key) { return belongs_to(key, resource); });
  if (resource.filter == InstanceFilter::kWholeDisk) {
    std::set<std::string_view> names;
    for (const SeriesKey& key : chosen) names.insert(key.tag(resource.instance_tag));
    std::vector<SeriesKey> whole;
    std::copy_if(chosen.begin(), chosen.end(), std::back_inserter(whole),
                 [&](const SeriesKey& key) { return !is_somebodys_partition(key.tag(resource.instance_tag), names); });
    chosen = std::move(whole);
  }
  // "/" sorts before "/home" by itself.
  std::stable_sort(chosen.begin(), chosen.end(), [&](const SeriesKey& a, const SeriesKey& b) {
    return a.tag(resource.instance_tag) < b.tag(resource.instance_tag);
  });
  return chosen;
}

SeriesKey imported_series(const Resource& resource) {
  return {"imported", {}, std::string(resource.name)};
}

std::string format_value(double value, Unit unit) {
  if (std::isnan(value)) return "?";
  switch (unit) {
    case Unit::kPercent:
      return fmt::format("{:.{}f} %", value, std::abs(value) < 9.95 ? 1 : 0);
    case Unit::kBytesPerSecond:
    case Unit::kNetBytesPerSecond:
      return format_bytes(value) + "/s";
    case Unit::kBinaryBytesPerSecond:
      return format_binary_bytes(value) + "/s";
    case Unit::kBitsPerSecond:
      return format_bits(value) + "/s";
    case Unit::kLoad:
      break;
  }
  return fmt::format("{:.2f}", value);
}

std::string_view unit_name(Unit unit) {
  switch (unit) {
    case Unit::kPercent:
      return "percent";
    case Unit::kBytesPerSecond:
    case Unit::kNetBytesPerSecond:
    case Unit::kBinaryBytesPerSecond:
      return "bytes_per_second";
    case Unit::kBitsPerSecond:
      return "bits_per_second";
    case Unit::kLoad:
      break;
  }
  return "load";
}

}  // namespace mps
