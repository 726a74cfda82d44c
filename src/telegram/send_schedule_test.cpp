#include "telegram/send_schedule.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace mps::telegram {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart{1'795'334'400s};

// Sends `count` messages to `chat` as early as the schedule allows.
std::vector<Timestamp> send_many(SendSchedule& schedule, ChatId chat, int count, Timestamp now = kStart) {
  std::vector<Timestamp> times;
  while (static_cast<int>(times.size()) < count) {
    const Timestamp when = schedule.acquire(chat, now);
    if (when == now) times.push_back(now);
    now = when;
  }
  return times;
}

int most_in(const std::vector<Timestamp>& times, Duration window) {
  int most = 0;
  for (size_t first = 0; first < times.size(); ++first) {
    int inside = 0;
    for (size_t i = first; i < times.size() && times[i] < times[first] + window; ++i) ++inside;
    most = std::max(most, inside);
  }
  return most;
}

TEST(SendScheduleTest, AChatGetsAShortBurstThenOneASecond) {
  SendSchedule schedule({{1s, 3}, {4s, 5}, {1ms, 100}});
  const auto times = send_many(schedule, ChatId(42), 6);
  EXPECT_EQ(times[2], kStart);
  EXPECT_EQ(times[3], kStart + 1s);
  EXPECT_EQ(times[5], kStart + 3s);
}

TEST(SendScheduleTest, AGroupNeverGetsMoreThanTwentyAMinute) {
  SendSchedule schedule;
  EXPECT_LE(most_in(send_many(schedule, ChatId(-100), 100), 60s), 20);
}

TEST(SendScheduleTest, AllTogetherNeverGetMoreThanThirtyASecond) {
  SendSchedule schedule;
  std::vector<Timestamp> times;
  Timestamp now = kStart;
  for (int chat = 1; chat <= 200;) {
    const Timestamp when = schedule.acquire(ChatId(chat), now);
    if (when == now) times.push_back(now), ++chat;
    now = when;
  }
  EXPECT_LE(most_in(times, 1s), 30);
  EXPECT_LE(times.back() - times.front(), 8s);
}

TEST(SendScheduleTest, AWaitingChatDoesNotHoldUpTheOthers) {
  SendSchedule schedule;
  send_many(schedule, ChatId(1), 3);
  EXPECT_GT(schedule.acquire(ChatId(1), kStart + 1ms), kStart + 500ms);
  EXPECT_EQ(schedule.acquire(ChatId(2), kStart + 1ms), kStart + 1ms);
}

TEST(SendScheduleTest, APausedChatWaitsAsLongAsTelegramSaid) {
  SendSchedule schedule;
  schedule.pause(ChatId(1), kStart + 7s);
  EXPECT_EQ(schedule.acquire(ChatId(1), kStart), kStart + 7s);
  EXPECT_EQ(schedule.acquire(ChatId(2), kStart), kStart);
  EXPECT_EQ(schedule.acquire(ChatId(1), kStart + 7s), kStart + 7s);
}

TEST(SendScheduleTest, ForgetsChatsThatAreIdle) {
  SendSchedule schedule;
  Timestamp now = kStart;
  for (int chat = 1; chat <= 10'000; ++chat) {
    now += 1s;
    schedule.acquire(ChatId(chat), now);
  }
  EXPECT_LE(schedule.chats(), 1100u);
}

TEST(SendScheduleTest, WhatComesLastLeavesTheWholeBurstToTheRest) {
  SendSchedule schedule;
  const Timestamp now{std::chrono::hours(1)};
  EXPECT_EQ(schedule.acquire_last(ChatId(-5), now), now);
  EXPECT_EQ(schedule.acquire_last(ChatId(-5), now), now + std::chrono::seconds(4)) << "not while anything is owed";
  for (int i = 0; i < 4; ++i) EXPECT_EQ(schedule.acquire(ChatId(-5), now), now) << "others go on";
  schedule.pause(ChatId(-6), now + std::chrono::seconds(30));
  EXPECT_EQ(schedule.acquire_last(ChatId(-6), now), now + std::chrono::seconds(30));
}

}  // namespace
}  // namespace mps::telegram
