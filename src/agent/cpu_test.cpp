#include "agent/cpu.h"

#include <gtest/gtest.h>

#include "agent/test_tick.h"

namespace mps::agent {
namespace {

// 10 seconds on one of two CPUs: 1000 kernel ticks of 100 Hz.
constexpr std::string_view kBefore =
    "cpu  2000 100 600 16000 40 6 14 30 300 20\n"
    "cpu0 1000 50 300 8000 20 3 7 15 150 10\n"
    "intr 1 2 3\n";
constexpr std::string_view kAfter =
    "cpu  2410 140 720 17000 60 10 30 60 330 30\n"
    "cpu0 1205 70 360 8680 30 5 15 30 165 15\n"
    "intr 1 2 3\n";

std::string line_of(CpuCollector& collector, std::string_view stat) {
  Tick tick = test_tick();
  collector.collect(stat, tick);
  return tick.lines();
}

TEST(CpuCollector, TheFirstCallHasNoFigures) {
  CpuCollector collector;
  EXPECT_EQ(line_of(collector, kBefore), "");
}

TEST(CpuCollector, TakesGuestsOutOfUserAndNice) {
  CpuCollector collector;
  line_of(collector, kBefore);
  // cpu0: user 205, nice 20, system 60, idle 680, iowait 10, irq 2, softirq 8, steal 15 = 1000; guest 15, guest_nice 5.
  // total: user 410, nice 40, system 120, idle 1000, iowait 20, irq 4, softirq 16, steal 30 = 1640; guest 30, nice 10.
  const std::string expected =
      "cpu,cpu=cpu0,host=web-01 usage_user=19,usage_system=6,usage_idle=68,usage_nice=1.5,usage_iowait=1,"
      "usage_irq=0.2,usage_softirq=0.8,usage_steal=1.5,usage_guest=1.5,usage_guest_nice=0.5 1795334410000000000\n";
  const std::string lines = line_of(collector, kAfter);
  EXPECT_EQ(lines.substr(0, expected.size()), expected);
  EXPECT_EQ(lines.find("cpu,cpu=cpu-total,host=web-01 "), expected.size());
}

TEST(CpuCollector, TheTotalComesLastAndHasItsOwnShares) {
  CpuCollector collector;
  line_of(collector, "cpu 0 0 0 0 0 0 0 0 0 0\n");
  EXPECT_EQ(line_of(collector, "cpu 25 0 25 50 0 0 0 0 0 0\n"),
            "cpu,cpu=cpu-total,host=web-01 usage_user=25,usage_system=25,usage_idle=50,usage_nice=0,usage_iowait=0,"
            "usage_irq=0,usage_softirq=0,usage_steal=0,usage_guest=0,usage_guest_nice=0 1795334410000000000\n");
}

TEST(CpuCollector, CountersThatFellOrStoodStillGiveNoLine) {
  CpuCollector collector;
  line_of(collector, kAfter);
  EXPECT_EQ(line_of(collector, kBefore), "");  // a reset: fewer than before
  EXPECT_EQ(line_of(collector, kBefore), "");  // no time has passed
  EXPECT_NE(line_of(collector, kAfter), "");   // and it goes on from there
}

TEST(CpuCollector, ACpuThatAppearsHasALineFromItsSecondTick) {
  CpuCollector collector;
  line_of(collector, "cpu0 1 0 0 0 0 0 0 0 0 0\n");
  EXPECT_EQ(line_of(collector, "cpu1 5 0 0 5 0 0 0 0 0 0\n"), "");
  EXPECT_NE(line_of(collector, "cpu1 6 0 0 9 0 0 0 0 0 0\n").find("cpu=cpu1,host=web-01 usage_user=20,"),
            std::string::npos);
}

TEST(CpuCollector, OldKernelsHaveFewerColumns) {
  CpuCollector collector;
  line_of(collector, "cpu 0 0 0 0\n");
  EXPECT_NE(line_of(collector, "cpu 10 0 10 80\n").find("usage_idle=80,"), std::string::npos);
}

TEST(CpuCollector, AnUnreadableFileIsNoFigures) {
  CpuCollector collector;
  line_of(collector, kBefore);
  EXPECT_EQ(line_of(collector, ""), "");
  EXPECT_EQ(line_of(collector, kAfter), "");  // what went before is forgotten
}

}  // namespace
}  // namespace mps::agent
