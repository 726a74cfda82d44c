#include "store/embedded/chunk.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

#include "testing/batches.h"
#include "testing/hex.h"

namespace mps::store {
namespace {

using mps::testing::from_hex;
using mps::testing::kAlways;
using mps::testing::to_hex;

// The example of docs/format/chunk.md.
const std::string kExample = from_hex(
    "04 0f 06 80 80 a0 f6 f4 ac db e0 1b 80 90 df c0 4a 03 06 00 09 01 13 01 0d 18 09 ac 98 01 19 03 77 bc 04 01 80 c0 "
    "b2 "
    "cd 3b 05 0b 4b 7e 17 19 95 76 85 f8 d4 c0 04 15 01 ff ff ff ff 1f 80 c0 b2 cd 3b e2 f4 a2 5d");

RowTable example_rows() {
  const std::vector<double> idle = {97.5, 96.25, 96.25, 98};
  const std::vector<int64_t> used = {8000000000, 8512345677, 8401234561, 8401235008};
  RowTable rows;
  rows.columns.resize(3);
  for (size_t i = 0; i < 4; ++i) {
    rows.times.push_back(1'000'000'000'000'000'000 + static_cast<int64_t>(i) * 10'000'000'000);
    rows.columns[0].values.push_back(Value::of_float(idle[i]));
    rows.columns[1].values.push_back(Value::of_integer(used[i]));
    rows.columns[2].values.push_back(Value::of_integer(16'000'000'000 - used[i]));
    for (auto& column : rows.columns) column.present.push_back(1);
  }
  return rows;
}

std::vector<Sample> samples_of(const RowTable& rows, uint32_t column, size_t begin, size_t end) {
  std::vector<Sample> samples;
  for (size_t i = begin; i < end; ++i) {
    if (rows.columns[column].present[i] != 0)
      samples.push_back({Timestamp(Duration(rows.times[i])), rows.columns[column].values[i]});
  }
  return samples;
}

void expect_same(const RowTable& rows, size_t begin, size_t end) {
  const std::string bytes = encode_chunk(rows, begin, end);
  const auto view = ChunkView::open(bytes);
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_EQ(view->rows(), end - begin);
  for (uint32_t column = 0; column < rows.columns.size(); ++column) {
    std::vector<Sample> read;
    ASSERT_TRUE(view->read(column, kAlways, read));
    EXPECT_EQ(read, samples_of(rows, column, begin, end)) << "column " << column;
  }
}

RowTable table_of(const std::vector<std::vector<Value>>& columns) {
  RowTable rows;
  for (size_t i = 0; i < columns[0].size(); ++i) rows.times.push_back(static_cast<int64_t>(i) * 1000);
  for (const auto& values : columns) rows.columns.push_back({values, std::vector<uint8_t>(values.size(), 1)});
  return rows;
}

TEST(Chunk, TheWorkedExampleDecodesToTheLetter) {
  const auto view = ChunkView::open(kExample);
  ASSERT_TRUE(view);
  const RowTable rows = example_rows();
  for (uint32_t column = 0; column < 3; ++column) {
    std::vector<Sample> read;
    ASSERT_TRUE(view->read(column, kAlways, read));
    EXPECT_EQ(read, samples_of(rows, column, 0, 4));
  }
}

TEST(Chunk, TheWorkedExampleIsWhatIsWritten) {
  const std::string bytes = encode_chunk(example_rows(), 0, 4);
  EXPECT_EQ(to_hex(bytes), to_hex(kExample));
  const GroupChunk chunk{7, bytes};
  EXPECT_EQ(to_hex(encode_block(std::span(&chunk, 1))), to_hex(from_hex("01 02 07 46 63 80 fa c7") + kExample));
}

TEST(Chunk, ExtremeValuesComeBackToTheBit) {
  const auto lowest = std::numeric_limits<int64_t>::min(), highest = std::numeric_limits<int64_t>::max();
  const double tiny = std::numeric_limits<double>::denorm_min(), huge = std::numeric_limits<double>::max();
  expect_same(
      table_of(
          {{Value::of_integer(lowest), Value::of_integer(highest), Value::of_integer(lowest), Value::of_integer(0)},
           {Value::of_integer(9007199254740993), Value::of_integer(9007199254740995),
            Value::of_integer(-9007199254740997), Value::of_integer(1)},
           {Value::of_float(0.0), Value::of_float(-0.0), Value::of_float(tiny), Value::of_float(huge)},
           {Value::of_float(-huge), Value::of_float(0.1), Value::of_float(1e300), Value::of_float(0.30000000000000004)},
           {Value::of_unsigned(~uint64_t{0}), Value::of_unsigned(0), Value::of_unsigned(~uint64_t{0}),
            Value::of_unsigned(1)},
           {Value::of_boolean(true), Value::of_boolean(false), Value::of_boolean(true), Value::of_boolean(true)}}),
      0, 4);
}

TEST(Chunk, AFieldMayChangeItsType) {
  expect_same(table_of({{Value::of_float(1.5), Value::of_integer(2), Value::of_integer(3), Value::of_float(4),
                         Value::of_boolean(true)}}),
              0, 5);
}

TEST(Chunk, RowsWithoutSomeColumnsComeBackWithoutThem) {
  RowTable rows =
      table_of({std::vector<Value>(100, Value::of_float(1)), std::vector<Value>(100, Value::of_integer(7))});
  for (size_t i = 0; i < 100; ++i) rows.columns[1].present[i] = i % 3 == 0;
  expect_same(rows, 0, 100);
  expect_same(rows, 1, 2);  // the second column has no value here
}

TEST(Chunk, RandomTablesComeBackToTheBit) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const size_t count = random() % 300 + 1;
    std::vector<std::vector<Value>> columns(random() % 6 + 1);
    for (auto& column : columns) {
      const auto kind = random() % 6;
      int64_t walk = static_cast<int64_t>(random() % 1'000'000);
      const int64_t unit = static_cast<int64_t>(random() % 5000 + 1);
      for (size_t i = 0; i < count; ++i) {
        walk += (static_cast<int64_t>(random() % 100) - 40) * unit;
        if (kind == 0) column.push_back(Value::of_integer(walk));
        if (kind == 1) column.push_back(Value::of_float(static_cast<double>(walk) / 100));
        if (kind == 2) column.push_back(Value::from_bits(ValueType::kFloat, random()));
        if (kind == 3) column.push_back(Value::of_integer(static_cast<int64_t>(random() >> (random() % 64))));
        if (kind == 4)
          column.push_back(columns[0].size() > i ? Value::of_integer(-columns[0][i].as_integer())
                                                 : Value::of_integer(1));
        if (kind == 5) column.push_back(random() % 20 == 0 ? Value::of_integer(1) : Value::of_float(0.5));
      }
    }
    RowTable rows = table_of(columns);
    const size_t begin = random() % count;
    expect_same(rows, begin, begin + random() % (count - begin) + 1);
  }
}

TEST(Chunk, OnlyTheRangeIsRead) {
  const auto view = ChunkView::open(kExample);
  std::vector<Sample> read;
  const Timestamp start{std::chrono::seconds(1'000'000'000)};
  ASSERT_TRUE(view->read(1, {start + std::chrono::seconds(10), start + std::chrono::seconds(30)}, read));
  EXPECT_EQ(read, samples_of(example_rows(), 1, 1, 3));
}

TEST(Chunk, NoFlippedBitGoesUnnoticed) {
  for (size_t bit = 0; bit < kExample.size() * 8; ++bit) {
    std::string broken = kExample;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(ChunkView::open(broken)) << bit;
  }
}

TEST(Chunk, AHeadIsSortedAndTheLastWriteOfATimeWins) {
  HeadStream head;
  const auto put = [&head](int64_t time, std::vector<uint32_t> columns, std::vector<Value> values) {
    head.append(time, columns, values);
  };
  put(30, {}, {Value::of_float(3), Value::of_float(33)});
  put(10, {}, {Value::of_float(1), Value::of_float(11)});
  put(30, {1}, {Value::of_float(34)});
  put(20, {1}, {Value::of_float(22)});
  const RowTable rows = sorted_rows(head);
  EXPECT_EQ(rows.times, (std::vector<int64_t>{10, 20, 30}));
  EXPECT_EQ(samples_of(rows, 0, 0, 3).size(), 2u);
  EXPECT_EQ(samples_of(rows, 1, 0, 3).back().value, Value::of_float(34));
  EXPECT_EQ(samples_of(rows, 0, 0, 3).back().value, Value::of_float(3));
}

TEST(Block, HoldsTheChunksOfManyGroups) {
  const std::vector<GroupChunk> chunks = {{3, "abc"}, {3, "de"}, {900, ""}, {4'000'000'000u, "f"}};
  const std::string block = encode_block(chunks);
  const auto read = decode_block(block);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ((*read)[i].group, chunks[i].group);
    EXPECT_EQ((*read)[i].bytes, chunks[i].bytes);
  }
  EXPECT_FALSE(decode_block(std::string_view(block).substr(0, block.size() - 1)));
  EXPECT_FALSE(decode_block(""));
}

}  // namespace
}  // namespace mps::store
