#include "agent/disk.h"

#include <gtest/gtest.h>

#include "agent/diskio.h"
#include "agent/test_tick.h"

namespace mps::agent {
namespace {

constexpr std::string_view kMountinfo =
    "22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p1 rw,errors=remount-ro\n"
    "23 22 0:21 / /proc rw,nosuid - proc proc rw\n"
    "24 22 0:5 / /dev rw - devtmpfs udev rw,size=4096k\n"
    "25 22 8:17 / /mnt/my\\040disk\\134x ro,relatime shared:2 master:3 - ext4 /dev/sdb1 ro\n"
    "26 22 0:30 / /mnt/auto rw - autofs systemd-1 rw\n"
    "27 26 0:44 / /mnt/auto rw - nfs4 nas:/export rw\n"
    "28 22 7:0 / /snap/x ro - squashfs /dev/loop0 ro\n"
    "no mount at all\n"
    "29 22 0:50 / /half - ext4\n";

Mount mount_of(const char* path, const char* filesystem) {
  return {"", "/dev/x", path, filesystem, false};
}

TEST(Disk, ReadsMountinfo) {
  const std::vector<Mount> mounts = parse_mountinfo(kMountinfo);
  ASSERT_EQ(mounts.size(), 6u);
  EXPECT_EQ(mounts[0].path, "/");
  EXPECT_EQ(mounts[0].device, "/dev/nvme0n1p1");
  EXPECT_EQ(mounts[0].device_number, "259:1");
  EXPECT_EQ(mounts[0].filesystem, "ext4");
  EXPECT_FALSE(mounts[0].read_only);
  EXPECT_EQ(mounts[3].path, "/mnt/my disk\\x");
  EXPECT_TRUE(mounts[3].read_only);
}

TEST(Disk, OfMountsOnTopOfEachOtherTheLastIsSeen) {
  const std::vector<Mount> mounts = parse_mountinfo(kMountinfo);
  EXPECT_EQ(mounts[4].path, "/mnt/auto");
  EXPECT_EQ(mounts[4].filesystem, "nfs4");
  EXPECT_EQ(mounts[4].device, "nas:/export");
}

TEST(Disk, LeavesOutWhatIsNoDiskButNeverTheRoot) {
  for (const char* filesystem : {"tmpfs", "devtmpfs", "devfs", "iso9660", "overlay", "aufs", "squashfs", "autofs"}) {
    EXPECT_FALSE(is_watched(mount_of("/x", filesystem))) << filesystem;
    EXPECT_TRUE(is_watched(mount_of("/", filesystem))) << filesystem;
  }
  EXPECT_TRUE(is_watched(mount_of("/data", "xfs")));
}

TEST(Disk, CountsLikeDf) {
  const std::vector<Mount> mounts = {{"259:1", "/dev/nvme0n1p1", "/", "ext4", false},
                                     {"0:21", "proc", "/proc", "proc", false},
                                     {"254:0", "/dev/dm-0", "/my disk", "xfs", true},
                                     {"8:1", "/dev/gone", "/gone", "ext4", false}};
  const auto usage = [](const Mount& mount) -> std::optional<DiskUsage> {
    if (mount.path == "/") return DiskUsage{4096, 1000, 400, 300, 200, 150};
    if (mount.path == "/my disk") return DiskUsage{512, 10, 0, 0, 0, 0};
    if (mount.path == "/gone") return std::nullopt;
    return DiskUsage{};
  };
  const auto label = [](const Mount& mount) { return mount.device == "/dev/dm-0" ? std::string("vg-data") : ""; };
  Tick tick = test_tick();
  collect_disk(mounts, usage, label, tick);
  // used = (1000 - 400) * 4096; used_percent = 600 / (600 + 300)
  EXPECT_EQ(tick.lines(),
            "disk,device=nvme0n1p1,fstype=ext4,host=web-01,mode=rw,path=/ total=4096000i,free=1228800i,used=2457600i,"
            "used_percent=66.66666666666667,inodes_total=200i,inodes_free=150i,inodes_used=50i,inodes_used_percent=25"
            " 1795334410000000000\n"
            "disk,device=dm-0,fstype=xfs,host=web-01,label=vg-data,mode=ro,path=/my\\ disk total=5120i,free=0i,"
            "used=5120i,used_percent=100,inodes_total=0i,inodes_free=0i,inodes_used=0i,inodes_used_percent=0"
            " 1795334410000000000\n");
}

class DiskioTest : public ::testing::Test {
 protected:
  std::string lines(std::string_view diskstats, Timestamp now) {
    Tick tick = test_tick();
    collector_.collect(
        diskstats, now, [](std::string_view name) { return name == "sda" ? "naa.5000" : ""; }, tick);
    return tick.lines();
  }

  DiskioCollector collector_;
  const Timestamp start_{std::chrono::seconds(1'795'334'400)};
};

TEST_F(DiskioTest, CountsSectorsOf512AndSkipsIdleDevices) {
  EXPECT_EQ(lines("   8       0 sda 100 10 2000 50 200 20 4000 150 1 120 200 0 0 0 0 0 0\n"
                  "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
                  start_),
            "diskio,host=web-01,name=sda,wwid=naa.5000 reads=100i,writes=200i,read_bytes=1024000i,write_bytes=2048000i,"
            "read_time=50i,write_time=150i,io_time=120i,weighted_io_time=200i,iops_in_progress=1i,merged_reads=10i,"
            "merged_writes=20i 1795334410000000000\n");
}

TEST_F(DiskioTest, TheSecondCallHasRates) {
  lines("8 1 sda1 100 0 0 50 200 0 0 150 0 120 0\n", start_);
  // 10 reads and 30 writes that took 20 + 60 ms and kept the device busy for 500 of 10,000 ms.
  const std::string line = lines("8 1 sda1 110 0 0 70 230 0 0 210 0 620 0\n", start_ + std::chrono::seconds(10));
  EXPECT_NE(line.find("io_await=2,io_svctm=12.5,io_util=5 "), std::string::npos) << line;
}

TEST_F(DiskioTest, AnIdleDeviceHasNoTimesPerOperation) {
  lines("8 1 sda1 100 0 0 50 200 0 0 150 0 120 0\n", start_);
  const std::string line = lines("8 1 sda1 100 0 0 50 200 0 0 150 0 120 0\n", start_ + std::chrono::seconds(10));
  EXPECT_EQ(line.find("io_await"), std::string::npos) << line;
  EXPECT_NE(line.find("io_util=0 "), std::string::npos) << line;
}

TEST_F(DiskioTest, AResetOfTheCountersGivesNoRates) {
  lines("8 1 sda1 100 0 0 50 200 0 0 150 0 120 0\n", start_);
  const std::string line = lines("8 1 sda1 5 0 0 1 7 0 0 3 0 4 0\n", start_ + std::chrono::seconds(10));
  EXPECT_EQ(line.find("io_util"), std::string::npos) << line;
  EXPECT_NE(line.find("reads=5i"), std::string::npos) << line;
}

}  // namespace
}  // namespace mps::agent
