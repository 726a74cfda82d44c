#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "wire/line_protocol.h"
#include "wire/line_writer.h"

// Random points -> writer -> parser -> the same points, and random damage that must never crash.
namespace mps::wire {
namespace {

constexpr unsigned kSeed = 20261122;

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  uint64_t below(uint64_t n) { return std::uniform_int_distribution<uint64_t>(0, n - 1)(random_); }

  // Pieces that need care; none is a control character, which no reader turns back.
  std::string name() {
    static constexpr std::array<std::string_view, 16> kPieces = {"a", "Z", "0", ",", " ", "=", "\"",  "\\",
                                                                 "#", "ж", "💾", "i", "t", "/", "1.5", "."};
    std::string text(1, static_cast<char>('a' + below(26)));
    for (uint64_t i = below(8); i > 0; --i) text += kPieces[below(kPieces.size())];
    while (text.ends_with('\\')) text.pop_back();
    return text;
  }

  std::string text() {
    std::string text = below(5) == 0 ? "" : name();
    if (below(3) == 0) text += "\nnext \"line\"\\";
    return text;
  }

  Value value() {
    switch (below(5)) {
      case 0:
        return Value::of_integer(std::bit_cast<int64_t>(random_() >> below(64)) * (below(2) ? 1 : -1));
      case 1:
        return Value::of_unsigned(random_() >> below(64));
      case 2:
        return Value::of_boolean(below(2) == 1);
      case 3:
        return Value::of_float(static_cast<double>(below(1'000'000)) / 100);
      default:
        break;
    }
    double any = std::bit_cast<double>(random_());
    return Value::of_float(std::isfinite(any) ? any : 0.0);
  }

  void add_point(PointBatch& batch) {
    Point point;
    point.measurement = batch.keep(name());
    point.tags_begin = static_cast<uint32_t>(batch.all_tags.size());
    std::vector<std::string> names;
    for (uint64_t i = below(4); i > 0; --i) names.push_back(name());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (std::string& tag : names) batch.all_tags.push_back({batch.keep(tag), batch.keep(name())});
    point.tags_end = static_cast<uint32_t>(batch.all_tags.size());
    point.fields_begin = static_cast<uint32_t>(batch.all_fields.size());
    for (uint64_t i = 1 + below(6); i > 0; --i) {
      Field field{batch.keep(name()), value()};
      if (below(6) == 0) field.value = batch.keep(text());
      batch.all_fields.push_back(field);
    }
    point.fields_end = static_cast<uint32_t>(batch.all_fields.size());
    if (below(4) != 0) point.time = Timestamp(Duration(std::bit_cast<int64_t>(random_())));
    batch.points.push_back(point);
  }

 private:
  std::mt19937_64 random_;
};

void expect_same(const PointBatch& expected, const PointBatch& actual) {
  ASSERT_EQ(actual.points.size(), expected.points.size());
  for (size_t i = 0; i < expected.points.size(); ++i) {
    const Point& e = expected.points[i];
    const Point& a = actual.points[i];
    EXPECT_EQ(a.measurement, e.measurement);
    EXPECT_EQ(a.time, e.time);
    EXPECT_TRUE(std::ranges::equal(actual.tags(a), expected.tags(e))) << "point " << i;
    EXPECT_TRUE(std::ranges::equal(actual.fields(a), expected.fields(e))) << "point " << i;
  }
}

TEST(LineProtocolRoundTrip, WhatIsWrittenIsReadBackExactly) {
  RecordProperty("seed", kSeed);
  for (unsigned seed = kSeed; seed < kSeed + 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator generator(seed);
    PointBatch batch;
    for (int i = 0; i < 20; ++i) generator.add_point(batch);
    std::string body;
    for (const Point& point : batch.points) ASSERT_TRUE(append_line(body, batch, point, Unsigned::kSuffix));
    const ParseResult result = parse_line_protocol(body, Precision::kNanoseconds);
    ASSERT_EQ(result.error_count, 0u) << result.errors[0].line << ": " << result.errors[0].reason << "\n" << body;
    expect_same(batch, result.batch);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(LineProtocolRoundTrip, DamageIsRefusedOrReadButStaysConsistent) {
  for (unsigned seed = kSeed; seed < kSeed + 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Generator generator(seed);
    PointBatch batch;
    for (int i = 0; i < 5; ++i) generator.add_point(batch);
    std::string body;
    for (const Point& point : batch.points) append_line(body, batch, point);
    for (int i = 0; i < 10; ++i) body[generator.below(body.size())] = ",= \"\\\n\r#\0x1i-"[generator.below(14)];
    const ParseResult result = parse_line_protocol(body, Precision::kNanoseconds);
    size_t fields = 0;
    for (const Point& point : result.batch.points) {
      EXPECT_FALSE(point.measurement.empty());
      EXPECT_LT(point.fields_begin, point.fields_end);
      fields += result.batch.fields(point).size();
    }
    EXPECT_EQ(fields, result.batch.all_fields.size());
    EXPECT_LE(result.batch.points.size() + result.error_count,
              static_cast<size_t>(std::count(body.begin(), body.end(), '\n')) + 1);
    for (const LineError& error : result.errors) {
      EXPECT_GE(error.line, 1u);
      EXPECT_GE(error.column, 1u);
      EXPECT_FALSE(error.reason.empty());
    }
  }
}

}  // namespace
}  // namespace mps::wire
