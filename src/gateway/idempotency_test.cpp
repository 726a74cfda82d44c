#include "gateway/idempotency.h"

#include <gtest/gtest.h>

namespace mps::gateway {
namespace {

using namespace std::chrono_literals;

const Timestamp kMorning(1'795'334'400s);

TEST(IdempotencyKeys, TheSecondRequestGetsTheFirstOnesAnswer) {
  IdempotencyKeys keys({});
  EXPECT_FALSE(keys.begin("ci", "k1", "body", kMorning));
  EXPECT_EQ(keys.begin("ci", "k1", "body", kMorning)->status, 409) << "still under way";
  keys.finish("ci", "k1", {.status = 201, .body = "made"});
  const auto again = keys.begin("ci", "k1", "body", kMorning + 23h);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 201);
  EXPECT_EQ(again->body, "made");
  EXPECT_EQ(again->headers.back().first, "Idempotency-Replayed");
  EXPECT_FALSE(keys.begin("ci", "k1", "body", kMorning + 24h)) << "a day is over";
}

TEST(IdempotencyKeys, AKeyIsOfOneCallerAndOneRequest) {
  IdempotencyKeys keys({});
  EXPECT_FALSE(keys.begin("ci", "k1", "body", kMorning));
  keys.finish("ci", "k1", {.status = 201});
  EXPECT_FALSE(keys.begin("other", "k1", "body", kMorning));
  EXPECT_EQ(keys.begin("ci", "k1", "another body", kMorning)->status, 422);
}

TEST(IdempotencyKeys, WhatFailedMayBeTriedAgain) {
  IdempotencyKeys keys({});
  EXPECT_FALSE(keys.begin("ci", "k1", "body", kMorning));
  keys.forget("ci", "k1");
  EXPECT_FALSE(keys.begin("ci", "k1", "body", kMorning));
}

TEST(IdempotencyKeys, MemoryHasALimit) {
  IdempotencyKeys keys({.keys_max = 10, .bytes_max = 1000});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(keys.begin("ci", std::to_string(i), "", kMorning));
  EXPECT_TRUE(keys.begin("ci", "99", "", kMorning));
  EXPECT_FALSE(keys.begin("ci", "0", "", kMorning)) << "the oldest are forgotten";
  keys.finish("ci", "99", {.body = std::string(2000, 'x')});
  EXPECT_FALSE(keys.begin("ci", "another", "", kMorning));
  EXPECT_FALSE(keys.begin("ci", "99", "", kMorning)) << "large answers push others out";
}

TEST(IdempotencyKeys, WhatIsNoKeyIsRefused) {
  IdempotencyKeys keys({});
  for (const std::string& key : {std::string(201, 'k'), std::string("a b"), std::string("\xD0\xBA")})
    EXPECT_EQ(keys.begin("ci", key, "", kMorning)->status, 400) << key;
}

}  // namespace
}  // namespace mps::gateway
