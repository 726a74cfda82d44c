#include "wire/line_writer.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace mps::wire {
namespace {

constexpr Timestamp kLineWriterTick{std::chrono::seconds(1'795'334'410)};

std::string line(std::string_view measurement, const std::vector<Tag>& tags, const std::vector<Field>& fields,
                 std::optional<Timestamp> time = std::nullopt, Unsigned style = Unsigned::kAsInteger) {
  std::string out;
  append_line(out, measurement, tags, fields, time, style);
  return out;
}

TEST(LineWriter, WritesWhatTelegrafWrites) {
  EXPECT_EQ(line("cpu", {{"cpu", "cpu0"}, {"host", "web-01"}},
                 {{"usage_idle", Value::of_float(100)}, {"n", Value::of_integer(-7)}, {"ok", Value::of_boolean(true)}},
                 kLineWriterTick),
            "cpu,cpu=cpu0,host=web-01 usage_idle=100,n=-7i,ok=true 1795334410000000000\n");
}

TEST(LineWriter, FloatsHaveNoExponentAndNoSuffix) {
  EXPECT_EQ(line("m", {}, {{"v", Value::of_float(1e-9)}}), "m v=0.000000001\n");
  EXPECT_EQ(line("m", {}, {{"v", Value::of_float(1.5e20)}}), "m v=150000000000000000000\n");
  EXPECT_EQ(line("m", {}, {{"v", Value::of_float(0.1 + 0.2)}}), "m v=0.30000000000000004\n");
  EXPECT_EQ(line("m", {}, {{"v", Value::of_float(-std::numeric_limits<double>::denorm_min())}}).size(), 332u);
}

TEST(LineWriter, UnsignedIsClampedOrSuffixed) {
  const std::vector<Field> big = {{"v", Value::of_unsigned(UINT64_MAX)}};
  EXPECT_EQ(line("m", {}, big), "m v=9223372036854775807i\n");
  EXPECT_EQ(line("m", {}, big, std::nullopt, Unsigned::kSuffix), "m v=18446744073709551615u\n");
}

TEST(LineWriter, EscapesNamesAndTexts) {
  EXPECT_EQ(line("my metric,x=1", {{"path", "/mnt/a,b=c d"}, {"win", "C:\\Temp"}}, {{"a b,c=d", Value::of_integer(1)}}),
            "my\\ metric\\,x=1,path=/mnt/a\\,b\\=c\\ d,win=C:\\Temp a\\ b\\,c\\=d=1i\n");
  EXPECT_EQ(line("m", {}, {{"s", "quote \" back\\slash\nline"}}), "m s=\"quote \\\" back\\\\slash\nline\"\n");
  EXPECT_EQ(line("m", {{"t", "tab\tnew\nline"}}, {{"v", Value::of_integer(1)}}), "m,t=tab\\tnew\\nline v=1i\n");
}

TEST(LineWriter, DropsTrailingBackslashesEmptyTagsAndWhatIsNoNumber) {
  EXPECT_EQ(line("m", {{"a", ""}, {"b", "C:\\"}, {"c", "\\"}},
                 {{"v", Value::of_float(1)}, {"n", Value::of_float(NAN)}, {"i", Value::of_float(-INFINITY)}}),
            "m,b=C: v=1\n");
}

TEST(LineWriter, WritesNothingWhereNothingIsLeft) {
  std::string out = "before\n";
  const std::vector<Field> nan = {{"v", Value::of_float(NAN)}};
  EXPECT_FALSE(append_line(out, "m", {}, nan, kLineWriterTick));
  EXPECT_FALSE(append_line(out, "m", {}, {}, kLineWriterTick));
  const std::vector<Field> good = {{"v", Value::of_float(1)}};
  EXPECT_FALSE(append_line(out, "", {}, good, kLineWriterTick));
  EXPECT_EQ(out, "before\n");
}

}  // namespace
}  // namespace mps::wire
