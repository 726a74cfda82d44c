#include "metric/resource.h"

#include <gtest/gtest.h>

namespace mps {
namespace {

SeriesKey key(std::string measurement, std::vector<std::pair<std::string, std::string>> tags, std::string field) {
  return {std::move(measurement), std::move(tags), std::move(field)};
}

TEST(Resource, PartitionsAreNotCountedTwice) {
  const std::vector<SeriesKey> all = {
      key("diskio", {{"name", "nvme0n1"}}, "read_bytes"), key("diskio", {{"name", "nvme0n1p1"}}, "read_bytes"),
      key("diskio", {{"name", "vda"}}, "read_bytes"),     key("diskio", {{"name", "vda1"}}, "read_bytes"),
      key("diskio", {{"name", "sdb1"}}, "read_bytes"),    key("diskio", {{"name", "loop0"}}, "read_bytes")};
  std::vector<std::string> names;
  for (const SeriesKey& chosen : select_series(all, *find_resource("disk_read")))
    names.emplace_back(chosen.tag("name"));
  EXPECT_EQ(names, (std::vector<std::string>{"nvme0n1", "sdb1", "vda"}));
}

TEST(Resource, ProtocolCountersOfOldTelegrafAreNotAnInterface) {
  EXPECT_FALSE(belongs_to(key("net", {{"interface", "all"}}, "bytes_recv"), *find_resource("net_rx")));
  EXPECT_FALSE(belongs_to(key("net", {{"interface", "lo"}}, "bytes_recv"), *find_resource("net_rx")));
  EXPECT_FALSE(belongs_to(key("net", {{"interface", "veth12ab"}}, "bytes_recv"), *find_resource("net_rx")));
  EXPECT_TRUE(belongs_to(key("net", {{"interface", "eth0"}}, "bytes_recv"), *find_resource("net_rx")));
}

TEST(Resource, RootIsTheFirstMountPoint) {
  const std::vector<SeriesKey> all = {key("disk", {{"path", "/var"}}, "used_percent"),
                                      key("disk", {{"path", "/"}}, "used_percent")};
  EXPECT_EQ(select_series(all, *find_resource("disk")).front().tag("path"), "/");
}

TEST(Resource, OneCoreIsNotTheServersCpu) {
  EXPECT_FALSE(belongs_to(key("cpu", {{"cpu", "cpu0"}}, "usage_idle"), *find_resource("cpu")));
  EXPECT_TRUE(belongs_to(key("cpu", {{"cpu", "cpu-total"}}, "usage_idle"), *find_resource("cpu")));
}

TEST(SeriesKey, TextReadsBackAsTheSameKey) {
  const SeriesKey strange = key("my metric,x=1", {{"path", "C:\\Temp a"}, {"имя", "a=b\nc"}}, "диск 💾\\");
  EXPECT_EQ(SeriesKey::parse(strange.to_string()).value(), strange);
  EXPECT_EQ(key("cpu", {{"cpu", "cpu-total"}}, "usage_idle").to_string(), "cpu,cpu=cpu-total usage_idle");
  EXPECT_FALSE(SeriesKey::parse("cpu"));
  EXPECT_FALSE(SeriesKey::parse("cpu,x usage"));
}

TEST(Grid, CellsAreAlignedToTheEpochAndCoverTheRange) {
  using std::chrono::seconds;
  const Grid grid = Grid::covering({Timestamp(seconds(301)), Timestamp(seconds(901))}, seconds(300));
  EXPECT_EQ(grid.start, Timestamp(seconds(300)));
  EXPECT_EQ(grid.size, 3u);
  EXPECT_EQ(Grid::covering({Timestamp(seconds(-1)), Timestamp(seconds(0))}, seconds(300)).start,
            Timestamp(seconds(-300)));
  EXPECT_EQ(Grid::covering({Timestamp(seconds(5)), Timestamp(seconds(5))}, seconds(300)).size, 0u);
}

}  // namespace
}  // namespace mps
