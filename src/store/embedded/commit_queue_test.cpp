#include "store/embedded/commit_queue.h"

#include <gtest/gtest.h>
#include <string>
#include <thread>

namespace mps::store {
namespace {

using namespace std::chrono_literals;

const Company::Time kNow = steady_now();

Company after_commit_of(size_t requests, Company::Time ended) {
  Company company;
  company.committed(requests, 0, ended);
  return company;
}

// One after which as many are awaited for longer than any test takes.
Company long_wait_for(size_t requests) {
  return after_commit_of(requests, steady_now() + 24h);
}

void push(CommitQueue& queue, size_t bytes = 10) {
  CommitQueue::Done done = [](const Result<void>&) {};
  ASSERT_TRUE(queue.push(std::string(bytes, 'x'), done));
}

TEST(CompanyTest, TheFirstRequestOfAllWaitsForNobody) {
  EXPECT_LE(Company().wanted(), 1u);
}

TEST(CompanyTest, ALoneRequestWaitsForNobody) {
  EXPECT_LE(after_commit_of(1, kNow).wanted(), 1u);
}

TEST(CompanyTest, AfterManyAsManyAreAwaitedForAMoment) {
  const Company company = after_commit_of(64, kNow);
  EXPECT_EQ(company.wanted(), 64u);
  EXPECT_EQ(company.until(), kNow + Company::kWaitMax);
}

TEST(CompanyTest, FewerThanLastTimeAreAllThatIsAwaitedNextTime) {
  Company company = after_commit_of(64, kNow);
  company.committed(3, 0, kNow + 5ms);
  EXPECT_EQ(company.wanted(), 3u);
  company.committed(1, 0, kNow + 9ms);
  EXPECT_LE(company.wanted(), 1u);
}

TEST(CompanyTest, ThoseThatCameMeanwhileAreOfTheCompany) {
  Company company;
  company.committed(40, 24, kNow);
  EXPECT_EQ(company.wanted(), 64u);
  company.committed(1, 5, kNow);
  EXPECT_LE(company.wanted(), 1u) << "whoever was alone promises nobody's return";
}

TEST(CommitQueueTest, ACommitBeginsWithTheLastOfTheCompanyThatIsAwaited) {
  CommitQueue queue(1 << 20);
  CommitQueue::Work work;
  std::thread committer([&] { queue.take(work, false, long_wait_for(3)); });
  for (int i = 0; i < 3; ++i) push(queue);
  committer.join();
  EXPECT_EQ(work.dones.size(), 3u) << "it neither began earlier nor waited on";
}

TEST(CommitQueueTest, AfterAPauseARequestWaitsForNobody) {
  CommitQueue queue(1 << 20);
  CommitQueue::Work work;
  push(queue);
  queue.take(work, false, after_commit_of(64, steady_now() - Company::kWaitMax));
  EXPECT_EQ(work.dones.size(), 1u);
}

TEST(CommitQueueTest, WhereNobodyElseComesThoseThatAreThereAreTaken) {
  CommitQueue queue(1 << 20);
  CommitQueue::Work work;
  push(queue);
  push(queue);
  queue.take(work, false, after_commit_of(64, steady_now()));
  EXPECT_EQ(work.dones.size(), 2u);
}

TEST(CommitQueueTest, AnythingElseToDoEndsTheWait) {
  CommitQueue queue(1 << 20);
  CommitQueue::Work work;
  push(queue);
  queue.push_task([] {});
  queue.take(work, false, long_wait_for(64));
  EXPECT_EQ(work.tasks.size(), 1u);

  push(queue);
  queue.push_answer([](const Result<void>&) {}, {});
  queue.take(work, false, long_wait_for(64));
  EXPECT_EQ(work.answers.size(), 1u);

  push(queue);
  queue.take(work, true, long_wait_for(64));
  EXPECT_EQ(work.dones.size(), 1u) << "maintenance goes on meanwhile";

  push(queue);
  queue.stop();
  queue.take(work, false, long_wait_for(64));
  EXPECT_TRUE(work.stopped);
  EXPECT_EQ(work.dones.size(), 1u);
}

TEST(CommitQueueTest, ALargeRequestWaitsForNobody) {
  CommitQueue queue(64 << 20);
  CommitQueue::Work work;
  push(queue, 2 << 20);
  queue.take(work, false, long_wait_for(64));
  EXPECT_EQ(work.dones.size(), 1u);
}

}  // namespace
}  // namespace mps::store
