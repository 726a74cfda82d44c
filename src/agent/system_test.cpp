#include "agent/system.h"

#include <cstring>
#include <gtest/gtest.h>
#include <utmp.h>

#include "agent/kernel.h"
#include "agent/net.h"
#include "agent/processes.h"
#include "agent/test_tick.h"

namespace mps::agent {
namespace {

std::string utmp_entry(short type, const char* user) {
  utmp entry{};
  entry.ut_type = type;
  std::strncpy(entry.ut_user, user, sizeof(entry.ut_user) - 1);
  return std::string(reinterpret_cast<const char*>(&entry), sizeof(entry));
}

std::string system_lines(const SystemFiles& files) {
  Tick tick = test_tick();
  collect_system(files, tick);
  return tick.lines();
}

constexpr std::string_view kTwoCoresOfTwoThreads =
    "processor\t: 0\nphysical id\t: 0\ncore id\t\t: 0\n\nprocessor\t: 1\nphysical id\t: 0\ncore id\t\t: 0\n\n"
    "processor\t: 2\nphysical id\t: 1\ncore id\t\t: 0\n\nprocessor\t: 3\nphysical id\t: 1\ncore id\t\t: 0\n";

TEST(System, IsThreePointsAsTelegrafSends) {
  const std::string utmp = utmp_entry(BOOT_TIME, "reboot") + utmp_entry(USER_PROCESS, "ann") +
                           utmp_entry(USER_PROCESS, "ann") + utmp_entry(USER_PROCESS, "bob") +
                           utmp_entry(DEAD_PROCESS, "eve");
  EXPECT_EQ(system_lines({"0.42 0.31 0.27 1/243 4711\n", kTwoCoresOfTwoThreads, "1249632.37 2400000.00\n", utmp}),
            "system,host=web-01 load1=0.42,load5=0.31,load15=0.27,n_cpus=4i,n_physical_cpus=2i,n_users=3i,"
            "n_unique_users=2i 1795334410000000000\n"
            "system,host=web-01 uptime=1249632i 1795334410000000000\n"
            "system,host=web-01 uptime_format=\"14 days, 11:07\" 1795334410000000000\n");
}

TEST(System, LeavesOutWhatCannotBeRead) {
  EXPECT_EQ(system_lines({"", "", "", std::nullopt}), "");
  EXPECT_EQ(system_lines({"1 2 3 1/2 3\n", "", "", std::nullopt}),
            "system,host=web-01 load1=1,load5=2,load15=3 1795334410000000000\n");
}

TEST(System, AnArmProcessorIsACoreEach) {
  EXPECT_EQ(system_lines({"", "processor : 0\nBogoMIPS : 50.00\n\nprocessor : 1\n", "", std::nullopt}),
            "system,host=web-01 n_cpus=2i,n_physical_cpus=2i 1795334410000000000\n");
}

TEST(System, FormatsUptimeAsUptimeDoes) {
  EXPECT_EQ(format_uptime(35), " 0:00");
  EXPECT_EQ(format_uptime(3 * 3600 + 7 * 60 + 59), " 3:07");
  EXPECT_EQ(format_uptime(86400), "1 day,  0:00");
  EXPECT_EQ(format_uptime(2 * 86400 + 23 * 3600), "2 days, 23:00");
}

TEST(Kernel, PassesCountersOnAsIntegers) {
  Tick tick = test_tick();
  collect_kernel("cpu 1 2 3\nintr 141868628 9 8 7\nctxt 321398652\nbtime 1794084768\nprocesses 946492\n", "256\n",
                 tick);
  EXPECT_EQ(tick.lines(),
            "kernel,host=web-01 interrupts=141868628i,context_switches=321398652i,boot_time=1794084768i,"
            "processes_forked=946492i,entropy_avail=256i 1795334410000000000\n");
}

TEST(Kernel, NothingComesOfNothing) {
  Tick tick = test_tick();
  collect_kernel("", "", tick);
  EXPECT_EQ(tick.lines(), "");
}

TEST(Processes, CountsStatesAndThreads) {
  ProcessCounts counts;
  const std::string rest = " 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 7 0 100\n";  // 7 threads
  counts.add("1 (systemd) S" + rest);
  counts.add("2 (a) b (c)) R" + rest);  // names may hold anything
  for (const char* state : {"D", "Z", "T", "t", "X", "I", "?"}) counts.add(std::string("9 (x) ") + state + rest);
  counts.add("");
  counts.add("gone");
  Tick tick = test_tick();
  counts.report(tick);
  EXPECT_EQ(tick.lines(),
            "processes,host=web-01 running=1i,sleeping=1i,blocked=1i,zombies=1i,stopped=2i,dead=1i,paging=0i,idle=1i,"
            "unknown=1i,total=9i,total_threads=63i 1795334410000000000\n");
}

TEST(Processes, ParkedIsThereOnlyWhenSeen) {
  ProcessCounts counts;
  counts.add("9 (x) P 1 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 100\n");
  Tick tick = test_tick();
  counts.report(tick);
  EXPECT_NE(tick.lines().find(",parked=1i,"), std::string::npos);
}

TEST(Net, PassesOnWhatIsUpAndNoLoopback) {
  const auto interface = [](std::string_view name) {
    return Interface{.up = name != "eth1", .loopback = name == "lo", .speed_mbits = name == "eth0" ? 1000 : -1};
  };
  Tick tick = test_tick();
  collect_net(
      "Inter-|   Receive                                                |  Transmit\n"
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls "
      "carrier\n"
      "    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
      "  eth0:1000 20 3 4 0 0 0 9 5000 60 7 8 0 0 0 0\n"
      "  eth1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
      "  eth0:1: 18446744073709551615 2 0 0 0 0 0 0 9 10 0 0 0 0 0 0\n",
      interface, tick);
  EXPECT_EQ(tick.lines(),
            "net,host=web-01,interface=eth0 bytes_sent=5000i,bytes_recv=1000i,packets_sent=60i,packets_recv=20i,"
            "err_in=3i,err_out=7i,drop_in=4i,drop_out=8i,speed=1000i 1795334410000000000\n"
            "net,host=web-01,interface=eth0:1 bytes_sent=9i,bytes_recv=9223372036854775807i,packets_sent=10i,"
            "packets_recv=2i,err_in=0i,err_out=0i,drop_in=0i,drop_out=0i,speed=-1i 1795334410000000000\n");
}

}  // namespace
}  // namespace mps::agent
