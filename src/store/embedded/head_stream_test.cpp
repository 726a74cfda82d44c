#include "store/embedded/head_stream.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace mps::store {
namespace {

struct Row {
  int64_t time;
  std::vector<uint32_t> columns;
  std::vector<Value> values;
  friend bool operator==(const Row&, const Row&) = default;
};

std::vector<Row> rows_of(const HeadStream& head) {
  std::vector<Row> rows;
  head.visit([&](int64_t time, std::span<const uint32_t> columns, std::span<const Value> values) {
    rows.push_back({time, {columns.begin(), columns.end()}, {values.begin(), values.end()}});
  });
  return rows;
}

Value random_value(std::mt19937_64& random) {
  switch (random() % 8) {
    case 0:
      return Value::of_float(std::bit_cast<double>(random()));
    case 1:
      return Value::of_integer(static_cast<int64_t>(random()));
    case 2:
      return Value::of_unsigned(random());
    case 3:
      return Value::of_boolean((random() & 1) != 0);
    case 4:
      return Value::of_float(-0.0);
    case 5:
      return Value::of_integer(static_cast<int64_t>(random() % 100));
    default:
      return Value::of_float(static_cast<double>(random() % 100'000) / std::pow(10, random() % 5));
  }
}

TEST(HeadStream, GivesBackEveryRowExactlyWhateverItsShape) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    HeadStream head;
    std::vector<Row> expected;
    for (int i = 0; i < 200; ++i) {
      Row row;
      row.time = random() % 10 == 0 ? static_cast<int64_t>(random()) : 1000 * i;
      const size_t count = random() % 5 == 0 ? random() % 12 + 1 : 6;
      for (size_t v = 0; v < count; ++v) row.values.push_back(random_value(random));
      if (random() % 4 == 0) {
        for (size_t v = 0; v < count; ++v) row.columns.push_back(static_cast<uint32_t>(random() % 20));
      }
      head.append(row.time, row.columns, row.values);
      expected.push_back(row);
    }
    EXPECT_EQ(rows_of(head), expected);
    EXPECT_EQ(head.rows(), expected.size());
  }
}

TEST(HeadStream, TakesFewBytesForWhatAgentsSend) {
  std::mt19937_64 random(5);
  HeadStream head;
  int64_t counter = 5'000'000'000;
  for (int i = 0; i < 720; ++i) {
    counter += static_cast<int64_t>(random() % 200'000);
    const double percent = static_cast<double>(random() % 10'000) / 100;
    head.append(i * 10'000'000'000, {},
                std::vector<Value>{Value::of_integer(counter), Value::of_float(percent), Value::of_float(0),
                                   Value::of_integer(4)});
  }
  EXPECT_LT(static_cast<double>(head.bytes()), 720 * 4 * 2.6);
}

TEST(HeadStream, KnowsItsTimesAndWhetherTheyRise) {
  HeadStream head;
  const std::vector<Value> one = {Value::of_float(1)};
  head.append(100, {}, one);
  head.append(200, {}, one);
  EXPECT_TRUE(head.sorted());
  head.append(150, {}, one);
  EXPECT_FALSE(head.sorted());
  head.append(50, {}, one);
  EXPECT_EQ(head.first_time(), 50);
  EXPECT_EQ(head.last_time(), 200);
  head.clear();
  EXPECT_EQ(head.rows(), 0u);
  EXPECT_EQ(head.bytes(), 0u);
}

}  // namespace
}  // namespace mps::store
