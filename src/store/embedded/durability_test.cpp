#include <atomic>
#include <future>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <signal.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "store/embedded/embedded_store.h"
#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/faulty_vfs.h"
#include "testing/temporary_folder.h"

// Acknowledged means on disk: whatever fails, whenever.
namespace mps::store {
namespace {

using namespace std::chrono_literals;
using mps::testing::BatchBuilder;
using mps::testing::FakeClock;
using mps::testing::FaultyVfs;
using mps::testing::kAlways;
using mps::testing::kServer;
using mps::testing::TemporaryFolder;

constexpr int kScenarioRequests = 9;
const SeriesKey kFirst{"cpu", {{"cpu", "cpu-total"}}, "usage_idle"},
    kSecond{"net", {{"interface", "eth0"}}, "bytes_recv"};

// Request number i: a value of both series.
BatchBuilder request(Timestamp start, int i) {
  BatchBuilder builder;
  builder.add(kServer, kFirst, {start + i * 10s, Value::of_float(i / 4.0)});
  builder.add(kServer, kSecond, {start + i * 10s, Value::of_integer(i * 1000)});
  return builder;
}

std::unique_ptr<EmbeddedStore> open(const EmbeddedOptions& options, Clock& clock) {
  auto opened = open_embedded_store(options, clock);
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

// Every acknowledged request is there, to the value, and nothing is there that was never sent.
void expect_acknowledged(const EmbeddedStore& store, Timestamp start, const std::set<int>& acknowledged, int sent) {
  const auto first = store.read(kServer, kFirst, kAlways), second = store.read(kServer, kSecond, kAlways);
  ASSERT_TRUE(first && second);
  ASSERT_EQ(first->size(), second->size()) << "half a request is there";
  std::set<int> found;
  for (size_t n = 0; n < first->size(); ++n) {
    const auto i = static_cast<int>(((*first)[n].time - start) / 10s);
    EXPECT_EQ((*first)[n].value, Value::of_float(i / 4.0));
    EXPECT_EQ((*second)[n], (Sample{start + i * 10s, Value::of_integer(i * 1000)}));
    EXPECT_TRUE(i >= 0 && i < sent);
    EXPECT_TRUE(found.insert(i).second) << "request " << i << " is there twice";
  }
  for (const int i : acknowledged) EXPECT_TRUE(found.contains(i)) << "request " << i << " was acknowledged and is lost";
  EXPECT_EQ(store.check(), std::vector<std::string>());
}

// Appends, seals, expires; goes on whatever fails. Returns what was acknowledged.
std::set<int> scenario(EmbeddedStore& store, FakeClock& clock, Timestamp start, int requests) {
  std::set<int> acknowledged;
  for (int i = 0; i < requests; ++i) {
    if (store.append_and_wait(request(start, i).batch())) acknowledged.insert(i);
    clock.advance(10s);
    if (i == requests / 3) (void)store.seal_all();
    if (i == requests / 2) (void)store.maintain();
    if (i == requests * 2 / 3) {
      clock.advance(3h);
      (void)store.maintain();
    }
  }
  return acknowledged;
}

void run_with_faults(long nth, long count, bool power_loss) {
  SCOPED_TRACE("fault at write " + std::to_string(nth) + ", for " + std::to_string(count) +
               (power_loss ? ", then power loss" : ""));
  constexpr int kRequests = kScenarioRequests;
  FaultyVfs vfs;
  TemporaryFolder folder;
  FakeClock clock;
  const Timestamp start = clock.now();
  const EmbeddedOptions options{.path = folder.path() / "samples.db", .vfs = FaultyVfs::kName};
  std::set<int> acknowledged;
  {
    const auto store = open(options, clock);
    ASSERT_TRUE(store);
    vfs.fail_from(nth, count);
    acknowledged = scenario(*store, clock, start, kRequests);
    EXPECT_TRUE(!vfs.failed() || !store->stats().read_only || !store->stats().trouble.empty());
    if (power_loss) vfs.fail_from(1, 2'000'000'000);  // what closing would write is lost
  }
  vfs.repair();
  if (power_loss) vfs.power_loss(static_cast<uint64_t>(nth), nth % 3 == 0 ? 0.0 : 0.5);
  const auto store = open(options, clock);
  ASSERT_TRUE(store);
  expect_acknowledged(*store, start, acknowledged, kRequests);
  EXPECT_TRUE(store->append_and_wait(request(start, kRequests - 1).batch()));
}

long writes_of_scenario() {
  FaultyVfs vfs;
  TemporaryFolder folder;
  FakeClock clock;
  const auto store = open({.path = folder.path() / "samples.db", .vfs = FaultyVfs::kName}, clock);
  vfs.fail_from(0, 0);
  (void)scenario(*store, clock, clock.now(), kScenarioRequests);
  return vfs.operations();
}

TEST(Durability, OneFailingWriteLosesNothingAcknowledged) {
  const long writes = writes_of_scenario();
  ASSERT_GT(writes, 30);
  for (long n = 1; n <= writes && !HasFailure(); ++n) run_with_faults(n, 1, false);
}

TEST(Durability, ADiskThatStaysFullLosesNothingAcknowledged) {
  const long writes = writes_of_scenario();
  for (long n = 1; n <= writes && !HasFailure(); n += 2) run_with_faults(n, 2'000'000'000, false);
}

TEST(Durability, PowerLossLosesNothingAcknowledged) {
  const long writes = writes_of_scenario();
  for (long n = 1; n <= writes && !HasFailure(); ++n) run_with_faults(n, 2'000'000'000, true);
}

TEST(Durability, AFullDiskIsSaidAndLeftAgainByItself) {
  FaultyVfs vfs;
  TemporaryFolder folder;
  FakeClock clock;
  const auto store = open({.path = folder.path() / "samples.db", .vfs = FaultyVfs::kName}, clock);
  const Timestamp start = clock.now();
  ASSERT_TRUE(store->append_and_wait(request(start, 0).batch()));
  vfs.fail_from(1, 2'000'000'000);
  for (int i = 1; i < 3; ++i) {
    const auto refused = store->append_and_wait(request(start, i).batch());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  }
  EXPECT_TRUE(store->stats().read_only);
  EXPECT_NE(store->stats().trouble.find("full"), std::string::npos) << store->stats().trouble;
  EXPECT_EQ(store->read(kServer, kFirst, kAlways)->size(), 1u);
  EXPECT_FALSE(store->maintain());
  vfs.repair();
  EXPECT_TRUE(store->maintain());
  EXPECT_FALSE(store->stats().read_only);
  EXPECT_EQ(store->stats().trouble, "");
  EXPECT_TRUE(store->append_and_wait(request(start, 3).batch()));
  expect_acknowledged(*store, start, {0, 3}, 4);
}

// The child appends and tells each acknowledged number through the pipe, until it is killed.
[[noreturn]] void append_until_killed(const EmbeddedOptions& options, Timestamp start, int first, int out) {
  FakeClock clock(start);
  auto store = open_embedded_store(options, clock);
  if (!store) _exit(1);
  std::atomic<int> next = first;
  const auto work = [&] {
    for (;;) {
      const int i = next++;
      if ((*store)->append_and_wait(request(start, i).batch()) && write(out, &i, sizeof i) != sizeof i) _exit(2);
      if (i % 20 == 19) (void)(*store)->seal_all();
    }
  };
  std::thread other(work);
  work();
  _exit(3);
}

TEST(Durability, KilledAHundredTimesItHasEverythingAcknowledged) {
  TemporaryFolder folder;
  const EmbeddedOptions options{.path = folder.path() / "samples.db"};
  const Timestamp start = FakeClock().now();
  constexpr unsigned kSeed = 3;
  std::mt19937_64 random(kSeed);
  std::set<int> acknowledged;
  int first = 0;
  for (int round = 0; round < 100 && !HasFatalFailure(); ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) append_until_killed(options, start, first, ends[1]);
    close(ends[1]);
    // Killed after a random number of acknowledgements, while others are under way.
    size_t left = 1 + random() % 30;
    bool killed = false;
    for (int i; read(ends[0], &i, sizeof i) == sizeof i;) {
      acknowledged.insert(i);
      if (--left == 0) kill(child, SIGKILL), killed = true;
      if (killed) left = 1'000'000;
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    FakeClock clock(start);
    const auto store = open(options, clock);
    ASSERT_TRUE(store);
    first = *acknowledged.rbegin() + 10;
    expect_acknowledged(*store, start, acknowledged, first);
  }
}

TEST(Durability, ManyThreadsShareCommits) {
  TemporaryFolder folder;
  FakeClock clock;
  const auto store = open({.path = folder.path() / "samples.db"}, clock);
  constexpr int kRequests = 400;
  std::atomic<int> left = kRequests;
  std::promise<void> all;
  for (int i = 0; i < kRequests; ++i) {
    store->append(request(clock.now(), i).batch(), [&](const Result<void>& result) {
      EXPECT_TRUE(result);
      if (--left == 0) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_LT(store->stats().commits, kRequests / 2u);
  EXPECT_EQ(store->read(kServer, kFirst, kAlways)->size(), static_cast<size_t>(kRequests));
  EXPECT_EQ(store->stats().samples_appended, 2u * kRequests);
}

constexpr int kLarge = 20'000;  // values: three commits' worth

BatchBuilder large_batch(Timestamp start) {
  BatchBuilder builder;
  for (int i = 0; i < kLarge; ++i) builder.add(kServer, kFirst, {start + i * 1s, Value::of_integer(i)});
  return builder;
}

TEST(Durability, ALargeBatchSharesItsCommitsWithWhoeverComes) {
  TemporaryFolder folder;
  FakeClock clock;
  const auto store = open({.path = folder.path() / "samples.db"}, clock);
  BatchBuilder large = large_batch(clock.now());
  std::promise<void> entered, go_on, all;
  std::vector<std::string> answered;                                         // by the committer alone
  store->append(request(clock.now(), 0).batch(), [&](const Result<void>&) {  // holds the committer
    entered.set_value();
    go_on.get_future().wait();
  });
  entered.get_future().wait();
  store->append(large.batch(), [&](const Result<void>& result) {
    EXPECT_TRUE(result);
    answered.emplace_back("large");
    all.set_value();
  });
  store->append(request(clock.now(), 1).batch(), [&](const Result<void>& result) {
    EXPECT_TRUE(result);
    answered.emplace_back("small");
  });
  go_on.set_value();
  all.get_future().wait();
  EXPECT_EQ(answered, (std::vector<std::string>{"small", "large"}));
  EXPECT_EQ(store->stats().commits, 4u);
  EXPECT_EQ(store->stats().samples_appended, kLarge + 4u);
}

TEST(Durability, ALargeBatchThatFailedHalfwayIsThereOnceWhenSentAgain) {
  bool faulted = true;
  int refused = 0;
  for (long nth = 1; faulted; nth += 5) {
    SCOPED_TRACE("fault at write " + std::to_string(nth));
    FaultyVfs vfs;
    TemporaryFolder folder;
    FakeClock clock;
    const Timestamp start = clock.now();
    const EmbeddedOptions options{.path = folder.path() / "samples.db", .vfs = FaultyVfs::kName};
    BatchBuilder large = large_batch(start);
    {
      const auto store = open(options, clock);
      vfs.fail_from(nth, 1);
      const auto stored = store->append_and_wait(large.batch());
      faulted = vfs.failed();
      if (!stored) {
        ++refused;
        EXPECT_EQ(stored.error().code, ErrorCode::kUnavailable);
        (void)store->maintain();  // tries whether the disk takes writes again
        EXPECT_TRUE(store->append_and_wait(large.batch()));
      }
    }
    const auto samples = open(options, clock)->read(kServer, kFirst, kAlways);
    ASSERT_TRUE(samples);
    ASSERT_EQ(samples->size(), static_cast<size_t>(kLarge));
    for (int i = 0; i < kLarge; ++i)
      ASSERT_EQ((*samples)[static_cast<size_t>(i)], (Sample{start + i * 1s, Value::of_integer(i)}));
  }
  EXPECT_GE(refused, 3);
}

TEST(Durability, AFullQueueSaysSo) {
  FaultyVfs vfs;
  TemporaryFolder folder;
  FakeClock clock;
  const auto store =
      open({.path = folder.path() / "samples.db", .queue_bytes_max = 100, .vfs = FaultyVfs::kName}, clock);
  std::promise<void> entered, go_on;
  store->append(request(clock.now(), 0).batch(), [&](const Result<void>&) {  // holds the committer
    entered.set_value();
    go_on.get_future().wait();
  });
  entered.get_future().wait();
  std::vector<std::future<Result<void>>> answers;
  for (int i = 1; i < 10; ++i) {
    auto ended = std::make_shared<std::promise<Result<void>>>();
    answers.push_back(ended->get_future());
    store->append(request(clock.now(), i).batch(),
                  [ended](Result<void> result) { ended->set_value(std::move(result)); });
  }
  go_on.set_value();
  int refused = 0;
  for (auto& answer : answers) {
    const auto result = answer.get();
    if (result) continue;
    EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
    ++refused;
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 9);
}

}  // namespace
}  // namespace mps::store
