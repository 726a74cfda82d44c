#include "store/embedded/embedded_store.h"

#include <cmath>
#include <gtest/gtest.h>

#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

namespace mps::store {
namespace {

using namespace std::chrono_literals;
using mps::testing::BatchBuilder;
using mps::testing::FakeClock;
using mps::testing::TemporaryFolder;

constexpr ServerId kWeb{1}, kDatabase{2};

class EmbeddedStoreTest : public ::testing::Test {
 protected:
  EmbeddedStoreTest() { reopen(); }

  void reopen() {
    store_.reset();
    auto opened = open_embedded_store(options_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void append(const BatchBuilder& builder) {
    const auto result = store_->append_and_wait(builder.batch());
    ASSERT_TRUE(result) << result.error().message;
  }
  std::vector<Sample> read(const SeriesKey& key, ServerId server = kWeb) {
    auto samples = store_->read(server, key, {Timestamp::min(), Timestamp::max()});
    EXPECT_TRUE(samples);
    return samples ? *samples : std::vector<Sample>();
  }
  Timestamp at(Duration offset) const { return start_ + offset; }

  TemporaryFolder folder_;
  FakeClock clock_;
  const Timestamp start_ = clock_.now();
  EmbeddedOptions options_{.path = folder_.path() / "samples.db"};
  std::unique_ptr<EmbeddedStore> store_;
  const SeriesKey idle_{"cpu", {{"cpu", "cpu-total"}}, "usage_idle"};
};

TEST_F(EmbeddedStoreTest, WhatWasAcknowledgedIsThereAfterReopening) {
  BatchBuilder builder;
  builder.add(kWeb, at(0s), "cpu", {{"cpu", "cpu-total"}, {"host", "web"}},
              {{"usage_idle", Value::of_float(97.5)}, {"usage_user", Value::of_float(1)}});
  builder.add(kWeb, at(10s), "cpu", {{"cpu", "cpu-total"}, {"host", "web"}},
              {{"usage_idle", Value::of_float(96.25)}, {"usage_user", Value::of_float(2)}});
  append(builder);
  const std::vector<Sample> expected = {{at(0s), Value::of_float(97.5)}, {at(10s), Value::of_float(96.25)}};
  EXPECT_EQ(read(idle_), expected);
  reopen();
  EXPECT_EQ(read(idle_), expected);
  EXPECT_EQ(store_->last(kWeb, idle_), expected[1]);
  EXPECT_EQ(store_->last_two(kWeb, idle_), expected);
  EXPECT_EQ(store_->last_seen(kWeb), at(10s));
}

TEST_F(EmbeddedStoreTest, SealedSamplesReadAsBefore) {
  std::vector<Sample> expected;
  BatchBuilder builder;
  for (int i = 0; i < 3000; ++i) {
    const Sample sample{at(i * 10s), Value::of_float(50 + std::round(std::sin(i) * 1000) / 100)};
    builder.add(kWeb, idle_, sample);
    expected.push_back(sample);
  }
  append(builder);
  ASSERT_TRUE(store_->seal_all());
  EXPECT_EQ(read(idle_), expected);
  reopen();
  EXPECT_EQ(read(idle_), expected);
  EXPECT_EQ(store_->last(kWeb, idle_), expected.back());
  EXPECT_EQ(store_->last_two(kWeb, idle_), (std::vector<Sample>{expected[2998], expected[2999]}));
  EXPECT_EQ(store_->check(), std::vector<std::string>());
}

TEST_F(EmbeddedStoreTest, TwoServersWithTheSameSeriesAreKeptApart) {
  append(BatchBuilder()
             .add(kWeb, idle_, {at(0s), Value::of_float(1)})
             .add(kDatabase, idle_, {at(0s), Value::of_float(2)}));
  EXPECT_EQ(read(idle_, kWeb), (std::vector<Sample>{{at(0s), Value::of_float(1)}}));
  EXPECT_EQ(read(idle_, kDatabase), (std::vector<Sample>{{at(0s), Value::of_float(2)}}));
}

}  // namespace
}  // namespace mps::store
