#include "agent/mem.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/meminfo.h"

namespace mps::agent {
namespace {

// Field and line of /proc/meminfo, of what is passed on as it is.
constexpr std::array<std::pair<std::string_view, std::string_view>, 28> kMemFields = {{
    {"active", "Active"},
    {"buffered", "Buffers"},
    {"commit_limit", "CommitLimit"},
    {"committed_as", "Committed_AS"},
    {"dirty", "Dirty"},
    {"free", "MemFree"},
    {"high_free", "HighFree"},
    {"high_total", "HighTotal"},
    {"huge_page_size", "Hugepagesize"},
    {"huge_pages_free", "HugePages_Free"},
    {"huge_pages_total", "HugePages_Total"},
    {"inactive", "Inactive"},
    {"low_free", "LowFree"},
    {"low_total", "LowTotal"},
    {"mapped", "Mapped"},
    {"page_tables", "PageTables"},
    {"shared", "Shmem"},
    {"slab", "Slab"},
    {"sreclaimable", "SReclaimable"},
    {"sunreclaim", "SUnreclaim"},
    {"swap_cached", "SwapCached"},
    {"swap_free", "SwapFree"},
    {"swap_total", "SwapTotal"},
    {"vmalloc_chunk", "VmallocChunk"},
    {"vmalloc_total", "VmallocTotal"},
    {"vmalloc_used", "VmallocUsed"},
    {"write_back", "Writeback"},
    {"write_back_tmp", "WritebackTmp"},
}};

}  // namespace

void collect_mem(std::string_view meminfo, Tick& tick) {
  const auto value = [&](std::string_view name) { return meminfo_value(meminfo, name).value_or(0); };
  const uint64_t total = value("MemTotal");
  if (total == 0) return;
  const uint64_t cached = value("Cached") + value("SReclaimable");
  const uint64_t guess = value("MemFree") + value("Buffers") + cached;
  const uint64_t available = std::min(total, meminfo_value(meminfo, "MemAvailable").value_or(guess));
  const auto percent = [&](uint64_t part) { return 100.0 * static_cast<double>(part) / static_cast<double>(total); };
  tick.begin("mem");
  tick.natural("total", total);
  tick.natural("available", available);
  tick.natural("used", total - available);
  tick.real("used_percent", percent(total - available));
  tick.real("available_percent", percent(available));
  tick.natural("cached", cached);
  for (const auto& [field, name] : kMemFields) tick.natural(field, value(name));
}

}  // namespace mps::agent
