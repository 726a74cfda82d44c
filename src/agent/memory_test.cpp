#include <gtest/gtest.h>
#include <set>

#include "agent/mem.h"
#include "agent/meminfo.h"
#include "agent/swap.h"
#include "agent/test_tick.h"

namespace mps::agent {
namespace {

constexpr std::string_view kMeminfo =
    "MemTotal:        4006664 kB\n"
    "MemFree:          597004 kB\n"
    "MemAvailable:    3004998 kB\n"
    "Buffers:           96000 kB\n"
    "Cached:          1681976 kB\n"
    "SwapCached:            4 kB\n"
    "Active:          1175140 kB\n"
    "Inactive:        1756192 kB\n"
    "Active(anon):          8 kB\n"
    "SwapTotal:       2097148 kB\n"
    "SwapFree:        1572861 kB\n"
    "Dirty:               380 kB\n"
    "Writeback:             3 kB\n"
    "WritebackTmp:          2 kB\n"
    "SReclaimable:     186368 kB\n"
    "Committed_AS:    2648773 kB\n"
    "HugePages_Total:       5\n"
    "HugePages_Free:        4\n"
    "Hugepagesize:       2048 kB\n"
    "VmallocTotal:   34359738367 kB\n";

std::string mem_line(std::string_view meminfo) {
  Tick tick = test_tick();
  collect_mem(meminfo, tick);
  return tick.lines();
}

std::string swap_lines(std::string_view meminfo, std::string_view vmstat) {
  Tick tick = test_tick();
  collect_swap(meminfo, vmstat, tick);
  return tick.lines();
}

bool holds(const std::string& line, const std::string& field) {
  return line.find(" " + field + ",") != std::string::npos || line.find("," + field + ",") != std::string::npos ||
         line.find("," + field + " ") != std::string::npos;
}

TEST(Meminfo, FindsALineByItsWholeName) {
  EXPECT_EQ(meminfo_value(kMeminfo, "Active"), 1175140u * 1024);
  EXPECT_EQ(meminfo_value(kMeminfo, "Cached"), 1681976u * 1024);
  EXPECT_EQ(meminfo_value(kMeminfo, "HugePages_Total"), 5u);
  EXPECT_EQ(meminfo_value(kMeminfo, "Mem"), std::nullopt);
  EXPECT_EQ(meminfo_value("MemTotal: much kB\n", "MemTotal"), std::nullopt);
}

TEST(Mem, ComputesWhatTelegrafComputes) {
  const std::string line = mem_line(kMeminfo);
  EXPECT_TRUE(line.starts_with("mem,host=web-01 ")) << line;
  for (const char* field :
       {"total=4102823936i", "available=3077117952i", "used=1025705984i",  // 4006664 - 3004998 = 1001666 kB
        "used_percent=25", "available_percent=75", "cached=1913184256i",   // 1681976 + 186368 = 1868344 kB
        "free=611332096i", "swap_cached=4096i", "vmalloc_total=35184372087808i", "huge_pages_total=5i",
        "huge_pages_free=4i", "huge_page_size=2097152i", "write_back=3072i", "write_back_tmp=2048i", "high_total=0i",
        "committed_as=2712343552i", "dirty=389120i"}) {
    EXPECT_TRUE(holds(line, field)) << field << " in " << line;
  }
}

TEST(Mem, HasTelegrafs34Fields) {
  Tick tick = test_tick();
  collect_mem(kMeminfo, tick);
  std::set<std::string_view> names;
  for (const Field& field : tick.batch().all_fields) names.insert(field.name);
  EXPECT_EQ(names, (std::set<std::string_view>{"active",
                                               "available",
                                               "available_percent",
                                               "buffered",
                                               "cached",
                                               "commit_limit",
                                               "committed_as",
                                               "dirty",
                                               "free",
                                               "high_free",
                                               "high_total",
                                               "huge_page_size",
                                               "huge_pages_free",
                                               "huge_pages_total",
                                               "inactive",
                                               "low_free",
                                               "low_total",
                                               "mapped",
                                               "page_tables",
                                               "shared",
                                               "slab",
                                               "sreclaimable",
                                               "sunreclaim",
                                               "swap_cached",
                                               "swap_free",
                                               "swap_total",
                                               "total",
                                               "used",
                                               "used_percent",
                                               "vmalloc_chunk",
                                               "vmalloc_total",
                                               "vmalloc_used",
                                               "write_back",
                                               "write_back_tmp"}));
}

TEST(Mem, AnOldKernelsAvailableIsGuessed) {
  const std::string line =
      mem_line("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 250 kB\nSReclaimable: 100 kB\n");
  EXPECT_TRUE(holds(line, "available=512000i")) << line;
  EXPECT_TRUE(holds(line, "used_percent=50")) << line;
}

TEST(Mem, NothingWithoutATotal) {
  EXPECT_EQ(mem_line(""), "");
  EXPECT_EQ(mem_line("MemTotal: 0 kB\n"), "");
}

TEST(Swap, IsTwoPoints) {
  EXPECT_EQ(swap_lines(kMeminfo, "nr_free_pages 1\npswpin 2\npswpout 16\n"),
            "swap,host=web-01 total=2147479552i,used=536869888i,free=1610609664i,used_percent=25 1795334410000000000\n"
            "swap,host=web-01 in=8192i,out=65536i 1795334410000000000\n");
}

TEST(Swap, AMachineWithoutSwapUsesZeroPercent) {
  EXPECT_EQ(swap_lines("SwapTotal: 0 kB\nSwapFree: 0 kB\n", ""),
            "swap,host=web-01 total=0i,used=0i,free=0i,used_percent=0 1795334410000000000\n");
}

}  // namespace
}  // namespace mps::agent
