#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "wire/line_protocol.h"

// What Telegraf sends in each of its situations: built here in the shapes of its inputs.
namespace mps::wire {
namespace {

constexpr int64_t kTickSeconds = 1'795'334'410;

std::string stamp(int64_t seconds) {
  return " " + std::to_string(seconds) + "000000000\n";
}

const std::string kMem =
    "mem,host=web-01 free=611332096i,high_free=0i,huge_pages_total=0i,swap_total=2147479552i,buffered=98304000i,"
    "available_percent=57.454265568562775,cached=1722343424i,total=4102823936i,available=2357247360i,used=1745576576i,"
    "used_percent=42.545734431437225,vmalloc_total=35184372087808i";
const std::string kSystem =
    "system,host=web-01 load1=0.42,load5=0.31,load15=0.27,n_cpus=2i,n_physical_cpus=1i,n_users=1i,n_unique_users=1i";
const std::string kDiskio =
    "diskio,host=web-01,name=nvme0n1,wwid=nvme.1d0f-766f-00000001 reads=81234i,writes=402345i,read_bytes=3412344832i";

std::string tick_without_rates(int64_t at) {
  return kMem + stamp(at) + "swap,host=web-01 total=2147479552i,used=0i,free=2147479552i,used_percent=0" + stamp(at) +
         "swap,host=web-01 in=8192i,out=65536i" + stamp(at) + kSystem + stamp(at) +
         "system,host=web-01 uptime=1249632i" + stamp(at) + "system,host=web-01 uptime_format=\"14 days, 11:07\"" +
         stamp(at) + kDiskio + stamp(at) +
         "net,host=web-01,interface=eth0 speed=-1i,bytes_sent=918273645i,bytes_recv=1827364554i" + stamp(at) +
         "disk,device=nvme0n1p1,fstype=ext4,host=web-01,mode=rw,path=/ total=41921540096i,used_percent=38.57" +
         stamp(at);
}

std::set<std::string> measurements(const ParseResult& r) {
  std::set<std::string> names;
  for (const Point& p : r.batch.points) names.emplace(p.measurement);
  return names;
}

TEST(TelegrafShapes, TheFirstTickHasNoCpuLines) {
  const std::string body = tick_without_rates(kTickSeconds);
  const ParseResult r = parse_line_protocol(body, Precision::kNanoseconds);
  EXPECT_EQ(r.error_count, 0u);
  EXPECT_EQ(r.batch.points.size(), 9u);
  EXPECT_EQ(measurements(r), (std::set<std::string>{"disk", "diskio", "mem", "net", "swap", "system"}));
  for (const Point& p : r.batch.points) EXPECT_EQ(p.time, Timestamp(std::chrono::seconds(kTickSeconds)));
}

TEST(TelegrafShapes, TheThreeSystemLinesAreThreePoints) {
  const std::string body = tick_without_rates(kTickSeconds);
  const ParseResult r = parse_line_protocol(body, Precision::kNanoseconds);
  const auto system = std::count_if(r.batch.points.begin(), r.batch.points.end(),
                                    [](const Point& p) { return p.measurement == "system"; });
  EXPECT_EQ(system, 3);
  const auto& text = std::find_if(r.batch.all_fields.begin(), r.batch.all_fields.end(), [](const Field& f) {
                       return f.name == "uptime_format";
                     })->value;
  EXPECT_EQ(std::get<std::string_view>(text), "14 days, 11:07");
}

TEST(TelegrafShapes, TheNewSystemLayoutIsOneLine) {
  const std::string body = kSystem + ",uptime=1249642u" + stamp(kTickSeconds);
  const ParseResult r = parse_line_protocol(body, Precision::kNanoseconds);
  ASSERT_EQ(r.error_count, 0u);
  EXPECT_EQ(r.batch.all_fields.back(), (Field{"uptime", Value::of_unsigned(1249642)}));
}

TEST(TelegrafShapes, UnsignedSupportSendsU) {
  const std::string body = "mem,host=web-01 used=18446744073709551615u,used_percent=42.5" + stamp(kTickSeconds);
  const ParseResult r = parse_line_protocol(body, Precision::kNanoseconds);
  ASSERT_EQ(r.error_count, 0u);
  EXPECT_EQ(r.batch.all_fields[0].value, (std::variant<Value, std::string_view>(Value::of_unsigned(UINT64_MAX))));
}

TEST(TelegrafShapes, CpuCountersAndGaugesAreSeparateLinesOfOneSeries) {
  const std::string body = "cpu,cpu=cpu0,host=web-01 time_user=9001.5,time_active=12520.75" + stamp(kTickSeconds) +
                           "cpu,cpu=cpu0,host=web-01 usage_user=7.73,usage_active=10.6" + stamp(kTickSeconds);
  const ParseResult r = parse_line_protocol(body, Precision::kNanoseconds);
  ASSERT_EQ(r.batch.points.size(), 2u);
  EXPECT_EQ(r.batch.points[0].time, r.batch.points[1].time);
  EXPECT_TRUE(std::ranges::equal(r.batch.tags(r.batch.points[0]), r.batch.tags(r.batch.points[1])));
}

TEST(TelegrafShapes, ABacklogComesOldestFirstInOneBody) {
  std::string body;
  for (int i = 0; i < 36; ++i) body += tick_without_rates(kTickSeconds + 10 * i);
  const ParseResult r = parse_line_protocol(body, Precision::kNanoseconds);
  EXPECT_EQ(r.error_count, 0u);
  ASSERT_EQ(r.batch.points.size(), 36u * 9);
  EXPECT_EQ(*r.batch.points.back().time - *r.batch.points.front().time, std::chrono::seconds(350));
}

TEST(TelegrafShapes, OldNetAllIsAPointLikeAnyOther) {
  const ParseResult r = parse_line_protocol(
      "net,host=web-01,interface=all icmp_inmsgs=12i,tcp_currestab=7i,udp_noports=3i 1795334410000000000\n",
      Precision::kNanoseconds);
  ASSERT_EQ(r.error_count, 0u);
  EXPECT_EQ(r.batch.all_tags[1], (Tag{"interface", "all"}));
  EXPECT_EQ(r.batch.all_fields.size(), 3u);
}

}  // namespace
}  // namespace mps::wire
