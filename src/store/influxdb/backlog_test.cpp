#include "store/influxdb/backlog.h"

#include <gtest/gtest.h>

namespace mps::store {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kBefore{1'000s};

TEST(Backlog, IsCountedOnceAndShrinksAsItIsSent) {
  Backlog backlog;
  backlog.add({10, 1000, 4000}, kBefore + 1min);
  EXPECT_EQ(backlog.counted_to(), 10);
  backlog.add({12, 200, 800}, kBefore + 2min);
  EXPECT_EQ(backlog.waiting().samples, 1200u);
  EXPECT_EQ(backlog.waiting().bytes, 4800u);
  EXPECT_EQ(backlog.sent(5, {5, 500, 2000}, kBefore), kBefore) << "the first look's records are not all sent";
  EXPECT_EQ(backlog.waiting().samples, 700u);
  EXPECT_EQ(backlog.sent(10, {10, 500, 2000}, kBefore), kBefore + 1min);
  EXPECT_EQ(backlog.waiting().samples, 200u);
  EXPECT_EQ(backlog.sent(15, {15, 900, 3000}, kBefore + 1min), kBefore + 2min) << "and three that were never counted";
  EXPECT_EQ(backlog.waiting().samples, 0u);
  EXPECT_EQ(backlog.counted_to(), 15);
}

TEST(Backlog, WhileNothingComesEveryLookIsTheLast) {
  Backlog backlog;
  backlog.add({10, 1, 1}, kBefore + 1min);
  backlog.add({0, 0, 0}, kBefore + 2min);
  EXPECT_EQ(backlog.sent(10, {10, 1, 1}, kBefore), kBefore + 2min);
}

TEST(Backlog, OfAMonthsLooksSomeAreKept) {
  Backlog backlog;
  constexpr int kLooks = 43'200;
  for (int i = 1; i <= kLooks; ++i) backlog.add({i, 1, 1}, kBefore + i * 1min);
  Timestamp as_of = kBefore;
  for (int i = 1; i <= kLooks; ++i) {
    as_of = backlog.sent(i, {i, 1, 1}, as_of);
    ASSERT_LE(as_of, kBefore + i * 1min) << "never more than was sent";
    ASSERT_GE(as_of, kBefore + (i - 128) * 1min) << "and not much less";
  }
  EXPECT_EQ(as_of, kBefore + kLooks * 1min);
}

}  // namespace
}  // namespace mps::store
