#include "telegram/chat_workers.h"

#include <atomic>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <latch>

namespace mps::telegram {
namespace {

using ::testing::ElementsAre;

TEST(ChatWorkersTest, DoesTheTasksOfOneChatInOrder) {
  std::vector<int> done;
  std::latch all(10);
  ChatWorkers workers(4);
  for (int i = 0; i < 10; ++i) {
    workers.post(ChatId(1), [&, i] {
      done.push_back(i);  // without a lock: the tasks of a chat never overlap
      all.count_down();
    });
  }
  all.wait();
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST(ChatWorkersTest, ASlowChatDoesNotHoldUpAnother) {
  std::latch other_done(1), slow_may_end(1);
  ChatWorkers workers(2);
  workers.post(ChatId(1), [&] { slow_may_end.wait(); });
  for (int i = 0; i < 5; ++i) workers.post(ChatId(1), [] {});
  workers.post(ChatId(2), [&] { other_done.count_down(); });
  other_done.wait();
  slow_may_end.count_down();
}

TEST(ChatWorkersTest, RefusesMoreThanAChatMayHaveWaiting) {
  std::latch begun(1), may_end(1);
  ChatWorkers workers(1);
  workers.post(ChatId(1), [&] {
    begun.count_down();
    may_end.wait();
  });
  begun.wait();
  size_t accepted = 0;
  for (int i = 0; i < 100; ++i) accepted += workers.post(ChatId(1), [] {}) ? 1 : 0;
  EXPECT_EQ(accepted, ChatWorkers::kPerChatMax);
  EXPECT_TRUE(workers.post(ChatId(2), [] {}));
  may_end.count_down();
}

TEST(ChatWorkersTest, FinishesWhatWasPosted) {
  std::atomic<int> done = 0;
  ChatWorkers workers(3);
  for (int chat = 0; chat < 1000; ++chat) workers.post(ChatId(chat), [&] { ++done; });
  EXPECT_TRUE(workers.finish(std::chrono::minutes(1)));
  EXPECT_EQ(done, 1000);
}

TEST(ChatWorkersTest, DoesNotWaitForeverForASlowTask) {
  std::latch may_end(1);
  ChatWorkers workers(1);
  workers.post(ChatId(1), [&] { may_end.wait(); });
  EXPECT_FALSE(workers.finish(std::chrono::milliseconds(1)));
  may_end.count_down();
}

TEST(ChatWorkersTest, EndsWithTasksStillWaiting) {
  std::atomic<int> done = 0;
  {
    ChatWorkers workers(3);
    for (int chat = 0; chat < 1000; ++chat) workers.post(ChatId(chat), [&] { ++done; });
  }
  EXPECT_LE(done, 1000);
}

}  // namespace
}  // namespace mps::telegram
