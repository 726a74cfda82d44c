#include "store/embedded/journal.h"

#include <gtest/gtest.h>
#include <limits>
#include <random>

#include "store/embedded/crc32c.h"
#include "testing/hex.h"

namespace mps::store {
namespace {

using mps::testing::from_hex;
using mps::testing::to_hex;

struct JournalRow {
  GroupId group;
  int64_t time;
  std::vector<uint32_t> columns;
  std::vector<Value> values;
  friend bool operator==(const JournalRow&, const JournalRow&) = default;
};

struct Collector final : JournalVisitor {
  void on_row(GroupId group, int64_t time, std::span<const uint32_t> columns, std::span<const Value> values) override {
    rows.push_back({group, time, {columns.begin(), columns.end()}, {values.begin(), values.end()}});
  }
  void on_text(ServerId server, int64_t time, std::string_view name, std::string_view value) override {
    texts.push_back(std::to_string(static_cast<int64_t>(server)) + " " + std::to_string(time) + " " +
                    std::string(name) + "=" + std::string(value));
  }
  std::vector<JournalRow> rows;
  std::vector<std::string> texts;
};

constexpr Timestamp kOne{std::chrono::seconds(1)}, kEleven{std::chrono::seconds(11)};

void write(RequestEncoder& encoder, GroupId group, Timestamp time, const std::vector<uint32_t>& columns,
           const std::vector<Value>& values) {
  encoder.row(group, time, values.size(), columns);
  for (const Value& value : values) encoder.value(value);
}

std::string record_of(const RequestEncoder& encoder) {
  std::string record;
  begin_record(record);
  append_request(record, encoder.bytes());
  end_record(record);
  return record;
}

// The example of docs/format/journal.md.
std::string worked_example() {
  return from_hex(
      "01 3e 07 80 a8 d6 b9 07 06 08 3f e0 0c 40 58 d0 05 05 07 80 90 df c0 4a 03 02 1d 02 00 00 00 00 00 40 00 03 00 "
      "14 73 79 73 74 65 6d 20 75 70 74 69 6d 65 5f 66 6f 72 6d 61 74 05 31 20 64 61 79 cb 61 3e 63");
}

TEST(Crc32c, MatchesTheExampleOfTheRfc) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(Journal, TheWorkedExampleDecodesToTheLetter) {
  Collector seen;
  ASSERT_TRUE(decode_record(worked_example(), seen));
  const std::vector<JournalRow> rows = {
      {7, 1'000'000'000, {}, {Value::of_float(0.5), Value::of_float(99.25), Value::of_integer(-3)}},
      {7, 11'000'000'000, {2}, {Value::of_integer(9007199254740993)}}};
  EXPECT_EQ(seen.rows, rows);
  EXPECT_EQ(seen.texts, std::vector<std::string>{"3 11000000000 system uptime_format=1 day"});
}

TEST(Journal, TheWorkedExampleIsWhatIsWritten) {
  RequestEncoder encoder;
  write(encoder, 7, kOne, {}, {Value::of_float(0.5), Value::of_float(99.25), Value::of_integer(-3)});
  write(encoder, 7, kEleven, {2}, {Value::of_integer(9007199254740993)});
  encoder.text(ServerId{3}, kEleven, "system", "uptime_format", "1 day");
  EXPECT_EQ(to_hex(record_of(encoder)), to_hex(worked_example()));
}

TEST(Journal, EveryValueComesBackToTheBit) {
  std::mt19937_64 random(11);
  std::vector<Value> values = {Value::of_float(-0.0),
                               Value::of_float(5e-324),
                               Value::of_integer(std::numeric_limits<int64_t>::min()),
                               Value::of_unsigned(~uint64_t{0}),
                               Value::of_boolean(true),
                               Value::of_boolean(false)};
  for (int i = 0; i < 1000; ++i)
    values.push_back(Value::from_bits(static_cast<ValueType>(random() % 3), random() >> (random() % 64)));
  RequestEncoder encoder;
  write(encoder, 1, Timestamp::min(), {}, values);
  write(encoder, 2, Timestamp::max(), {}, values);
  Collector seen;
  ASSERT_TRUE(decode_record(record_of(encoder), seen));
  ASSERT_EQ(seen.rows.size(), 2u);
  EXPECT_EQ(seen.rows[0].values, values);
  EXPECT_EQ(seen.rows[1].time, Timestamp::max().time_since_epoch().count());
}

TEST(Journal, NoFlippedBitGoesUnnoticed) {
  const std::string good = worked_example();
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string broken = good;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
    Collector seen;
    EXPECT_FALSE(decode_record(broken, seen)) << bit;
    EXPECT_TRUE(seen.rows.empty()) << bit;
  }
}

TEST(Journal, NonsenseBehindAGoodChecksumIsRefused) {
  for (const char* body : {"01 05 07", "01 03 07 02 08", "01 04 07 02 02 fc", "01 09 ff ff ff ff ff ff ff ff ff",
                           "01 03 00 03 00", "01 80"}) {
    std::string record = from_hex(body);
    append_u32(record, crc32c(record));
    Collector seen;
    const auto result = decode_record(record, seen);
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().code, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace mps::store
