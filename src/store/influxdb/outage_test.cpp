#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <thread>

#include "base/clock.h"
#include "store/influxdb/influx_history.h"
#include "store/influxdb/influx_store.h"
#include "testing/batches.h"
#include "testing/influx_server.h"
#include "testing/seed.h"
#include "testing/temporary_folder.h"

// InfluxDB and the hub stop, die and come back: every sample that was acknowledged is in InfluxDB once in the end.
namespace mps::store {
namespace {

using namespace std::chrono_literals;
using mps::testing::BatchBuilder;
using mps::testing::InfluxServer;
using mps::testing::kAlways;
using mps::testing::kServer;
using mps::testing::TemporaryFolder;

const SeriesKey kOutageFirst{"cpu", {{"cpu", "cpu-total"}}, "usage_idle"},
    kOutageSecond{"net", {{"interface", "eth0"}}, "bytes_recv"};
constexpr Timestamp kOutageStart{std::chrono::seconds(1'795'334'400)};

BatchBuilder outage_request(int i) {
  BatchBuilder builder;
  builder.add(kServer, kOutageFirst, {kOutageStart + i * 1s, Value::of_float(i / 4.0)});
  builder.add(kServer, kOutageSecond, {kOutageStart + i * 1s, Value::of_integer(i * 1000)});
  return builder;
}

class InfluxOutage : public ::testing::Test {
 protected:
  InfluxOutage() {
    options_.target = parse_influx_url(influx_.url("mps")).value();
    options_.target.hub = "h";
    options_.embedded.path = folder_.path() / "samples.db";
    options_.state_path = folder_.path() / "influxdb.db";
    options_.forwarder = {Duration::zero(), 1ms, 10ms};
  }
  std::unique_ptr<InfluxStore> open() {
    auto opened = open_influx_store(options_, clock_);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }

  // What InfluxDB has, asked past the store.
  std::vector<Sample> in_influx(const SeriesKey& key) {
    FieldTypes types;
    const InfluxHistory history(options_.target, types);
    auto samples = history.read(kServer, key, kAlways);
    EXPECT_TRUE(samples) << samples.error().message;
    return samples ? *samples : std::vector<Sample>();
  }
  void expect_in_influx(const std::set<int>& acknowledged, int sent) {
    const auto first = in_influx(kOutageFirst), second = in_influx(kOutageSecond);
    std::set<int> found;
    for (const Sample& sample : first) {
      const auto i = static_cast<int>((sample.time - kOutageStart) / 1s);
      EXPECT_TRUE(i >= 0 && i < sent);
      EXPECT_EQ(sample.value, Value::of_float(i / 4.0));
      EXPECT_TRUE(found.insert(i).second) << i << " is there twice";
    }
    EXPECT_EQ(second.size(), first.size());
    for (const int i : acknowledged) EXPECT_TRUE(found.contains(i)) << i << " was acknowledged and is not in InfluxDB";
  }

  InfluxServer influx_;
  TemporaryFolder folder_;
  SystemClock clock_;
  InfluxOptions options_;
};

TEST_F(InfluxOutage, WhatCameWhileInfluxWasAwayIsThereWhenItIsBack) {
  std::set<int> acknowledged;
  const auto store = open();
  const auto append = [&](int i) {
    if (store->append_and_wait(outage_request(i).batch())) acknowledged.insert(i);
  };
  for (int i = 0; i < 50; ++i) append(i);
  ASSERT_TRUE(store->wait_until_sent());
  EXPECT_EQ(store->stats().trouble, "");
  influx_.stop();
  for (int i = 50; i < 500; ++i) append(i);
  ASSERT_TRUE(store->embedded().seal_all()) << "the journal is kept all the same";
  EXPECT_EQ(store->read(kServer, kOutageFirst, kAlways)->size(), 500u) << "queries go on";
  while (store->stats().trouble.empty()) std::this_thread::yield();
  EXPECT_NE(store->stats().trouble.find("has everything as of"), std::string::npos) << store->stats().trouble;
  influx_.start();
  ASSERT_TRUE(store->wait_until_sent());
  EXPECT_EQ(store->stats().trouble, "");
  EXPECT_EQ(acknowledged.size(), 500u);
  expect_in_influx(acknowledged, 500);
}

TEST_F(InfluxOutage, WhatWaitsIsCountedAndSinceWhen) {
  auto store = open();
  ASSERT_TRUE(store->append_and_wait(outage_request(0).batch()));
  ASSERT_TRUE(store->wait_until_sent());
  EXPECT_EQ(store->forwarding().samples_waiting, 0u);
  EXPECT_EQ(store->forwarding().samples_sent, 2u);
  EXPECT_EQ(store->forwarding().batches_sent, 1u);
  EXPECT_EQ(store->forwarding().last_error_at, std::nullopt);
  influx_.stop();
  const Timestamp stopped = clock_.now();
  for (int i = 1; i <= 50; ++i) ASSERT_TRUE(store->append_and_wait(outage_request(i).batch()));
  const auto wait_until_counted = [&](uint64_t samples) {
    while (store->forwarding().samples_waiting != samples) std::this_thread::yield();
  };
  wait_until_counted(100);
  ForwardingStats sent = store->forwarding();
  EXPECT_TRUE(sent.behind);
  EXPECT_GT(sent.bytes_waiting, 200u);
  EXPECT_GT(sent.retries, 0u);
  EXPECT_GE(*sent.last_error_at, stopped);
  EXPECT_GE(sent.as_of, stopped);
  EXPECT_LE(sent.as_of, clock_.now());
  EXPECT_EQ(store->stats().engine, "influxdb");

  store.reset();
  store = open();
  const Timestamp opened = clock_.now();
  ASSERT_TRUE(store->append_and_wait(outage_request(51).batch()));
  wait_until_counted(102);
  EXPECT_LE(store->forwarding().as_of, stopped) << "a restart does not make young what waits";
  EXPECT_GT(store->forwarding().oldest_waits(clock_.now()), opened - stopped);
  influx_.start();
  ASSERT_TRUE(store->wait_until_sent());
  sent = store->forwarding();
  EXPECT_FALSE(sent.behind);
  EXPECT_EQ(sent.samples_waiting, 0u);
  EXPECT_EQ(sent.bytes_waiting, 0u);
  EXPECT_EQ(sent.oldest_waits(clock_.now()), Duration::zero());
}

TEST_F(InfluxOutage, TheHubStartsAndTakesSamplesWithoutInflux) {
  influx_.stop();
  {
    const auto store = open();
    ASSERT_NE(store, nullptr);
    ASSERT_TRUE(store->append_and_wait(outage_request(0).batch()));
    EXPECT_EQ(store->read(kServer, kOutageFirst, kAlways)->size(), 1u);
  }
  influx_.start();
  const auto store = open();
  ASSERT_TRUE(store->append_and_wait(outage_request(1).batch()));
  ASSERT_TRUE(store->wait_until_sent());
  expect_in_influx({0, 1}, 2);
}

TEST_F(InfluxOutage, AServerThatWasRemovedWhileInfluxWasAwayIsRemovedThere) {
  auto store = open();
  ASSERT_TRUE(store->append_and_wait(outage_request(0).batch()));
  ASSERT_TRUE(store->wait_until_sent());
  influx_.stop();
  ASSERT_TRUE(store->append_and_wait(outage_request(1).batch()));
  ASSERT_TRUE(store->remove_server(kServer));
  ASSERT_TRUE(store->append_and_wait(outage_request(2).batch()));
  store.reset();
  influx_.start();
  store = open();
  ASSERT_TRUE(store->wait_until_sent());
  EXPECT_EQ(in_influx(kOutageFirst).size(), 1u);
  expect_in_influx({2}, 3);
}

TEST_F(InfluxOutage, KilledInfluxesAndKilledHubsLoseNothing) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "this sanitizer knows no threads after a fork";
#endif
  constexpr int kRounds = 8;
  std::mt19937 random(mps::testing::test_seed());
  SCOPED_TRACE(fmt::format("seed {}", mps::testing::test_seed()));
  std::set<int> acknowledged;
  int sent = 0;
  for (int round = 0; round < kRounds; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {  // a hub: says what was acknowledged, until it is killed
      auto opened = open_influx_store(options_, clock_);
      if (!opened) ::_exit(1);
      for (int i = sent;; ++i) {
        if (!(*opened)->append_and_wait(outage_request(i).batch())) ::_exit(2);
        if (::write(pipe_ends[1], &i, sizeof i) != sizeof i) ::_exit(3);
      }
    }
    ::close(pipe_ends[1]);
    // Both die at a random acknowledgement, in any order; now and then InfluxDB is away from the start.
    const int hub_dies_at = 1 + static_cast<int>(random() % 400), influx_dies_at = static_cast<int>(random() % 400);
    const bool influx_comes_back = random() % 2 == 0;
    int i = 0, seen = 0;
    bool influx_died = false;
    while (seen < hub_dies_at && ::read(pipe_ends[0], &i, sizeof i) == sizeof i) {
      acknowledged.insert(i);
      sent = std::max(sent, i + 1);
      if (++seen < influx_dies_at || influx_died) continue;
      influx_.kill();
      influx_died = true;
      if (influx_comes_back) influx_.start();
    }
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    while (::read(pipe_ends[0], &i, sizeof i) == sizeof i) {  // what it said before it died
      acknowledged.insert(i);
      sent = std::max(sent, i + 1);
    }
    ::close(pipe_ends[0]);
    ++sent;  // the one that was under way may be there
    if (influx_died && !influx_comes_back) influx_.start();
  }
  const auto store = open();
  ASSERT_TRUE(store->wait_until_sent());
  EXPECT_GT(acknowledged.size(), 100u);
  expect_in_influx(acknowledged, sent);
  EXPECT_EQ(store->read(kServer, kOutageFirst, kAlways)->size(), in_influx(kOutageFirst).size());
}

}  // namespace
}  // namespace mps::store
