#include "store/embedded/embedded_store.h"

#include <cmath>
#include <gtest/gtest.h>

#include "store/embedded/database.h"
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

TEST_F(EmbeddedStoreTest, LateAndRepeatedSamplesAreSortedInAndTheLastWriteWins) {
  append(
      BatchBuilder().add(kWeb, idle_, {at(10s), Value::of_float(1)}).add(kWeb, idle_, {at(30s), Value::of_float(3)}));
  ASSERT_TRUE(store_->seal_all());
  append(BatchBuilder()
             .add(kWeb, idle_, {at(20s), Value::of_float(2)})
             .add(kWeb, idle_, {at(30s), Value::of_integer(33)}));
  append(BatchBuilder().add(kWeb, idle_, {at(-24h), Value::of_float(0)}));
  const std::vector<Sample> expected = {{at(-24h), Value::of_float(0)},
                                        {at(10s), Value::of_float(1)},
                                        {at(20s), Value::of_float(2)},
                                        {at(30s), Value::of_integer(33)}};
  EXPECT_EQ(read(idle_), expected);
  ASSERT_TRUE(store_->seal_all());
  EXPECT_EQ(read(idle_), expected);
  EXPECT_EQ(store_->last_two(kWeb, idle_), (std::vector<Sample>{expected[2], expected[3]}));
}

TEST_F(EmbeddedStoreTest, RangesAreHalfOpenAtTheBordersOfChunksToo) {
  BatchBuilder builder;
  for (int i = 0; i < 10; ++i) builder.add(kWeb, idle_, {at(i * 10s), Value::of_float(i)});
  append(builder);
  ASSERT_TRUE(store_->seal_all());
  append(BatchBuilder().add(kWeb, idle_, {at(100s), Value::of_float(10)}));
  const auto count = [&](Duration from, Duration to) { return store_->read(kWeb, idle_, {at(from), at(to)})->size(); };
  EXPECT_EQ(count(90s, 100s), 1u);
  EXPECT_EQ(count(90s, 101s), 2u);
  EXPECT_EQ(count(100s, 101s), 1u);
  EXPECT_EQ(count(-10s, 0s), 0u);
  EXPECT_EQ(count(-10s, 1ns), 1u);
  EXPECT_EQ(count(50s, 50s), 0u);
}

TEST_F(EmbeddedStoreTest, AggregatesAcrossChunksAndHead) {
  const SeriesKey counter{"net", {{"interface", "eth0"}}, "bytes_recv"};
  BatchBuilder early, late;
  for (int i = 0; i < 30; ++i) (i < 17 ? early : late).add(kWeb, counter, {at(i * 10s), Value::of_integer(i * 500)});
  append(early);
  ASSERT_TRUE(store_->seal_all());
  append(late);
  const auto rates = store_->aggregate(kWeb, counter, {at(0s), 60s, 6}, Aggregate::kRate);
  ASSERT_TRUE(rates);
  for (int i = 0; i < 5; ++i) EXPECT_DOUBLE_EQ((*rates)[static_cast<size_t>(i)], 50);
  EXPECT_TRUE(std::isnan((*rates)[5]));
  const auto unknown = store_->aggregate(kDatabase, counter, {at(0s), 60s, 2}, Aggregate::kMean);
  ASSERT_TRUE(unknown);
  EXPECT_TRUE(std::isnan((*unknown)[0]));
}

TEST_F(EmbeddedStoreTest, TextFieldsAreAttributesOfTheServer) {
  append(BatchBuilder().add(kWeb, at(0s), "system", {{"host", "web"}},
                            {{"uptime_format", std::string("1 day")}, {"load1", Value::of_float(0.5)}}));
  append(BatchBuilder().add(kWeb, at(10s), "system", {}, {{"uptime_format", std::string("2 days")}}));
  append(BatchBuilder().add(kWeb, at(5s), "system", {}, {{"uptime_format", std::string("late")}}));
  const Attributes expected = {{"system uptime_format", {at(10s), "2 days"}}};
  EXPECT_EQ(store_->attributes(kWeb), expected);
  EXPECT_EQ(store_->list_series(kWeb), (std::vector<SeriesKey>{{"system", {}, "load1"}}));
  reopen();
  EXPECT_EQ(store_->attributes(kWeb), expected);
  ASSERT_TRUE(store_->seal_all());
  reopen();
  EXPECT_EQ(store_->attributes(kWeb), expected);
  EXPECT_TRUE(store_->attributes(kDatabase).empty());
}

TEST_F(EmbeddedStoreTest, NotANumberIsNeverStored) {
  append(
      BatchBuilder().add(kWeb, at(0s), "m", {},
                         {{"a", Value::of_float(NAN)}, {"b", Value::of_float(1)}, {"c", Value::of_float(INFINITY)}}));
  EXPECT_TRUE(read({"m", {}, "a"}).empty());
  EXPECT_TRUE(read({"m", {}, "c"}).empty());
  EXPECT_EQ(read({"m", {}, "b"}).size(), 1u);
  append(BatchBuilder().add(kWeb, at(0s), "m", {}, {{"a", Value::of_float(NAN)}}));
  EXPECT_TRUE(read({"m", {}, "a"}).empty());
}

TEST_F(EmbeddedStoreTest, AServerThatWouldHaveTooManySeriesStoresNothingOfTheBatch) {
  options_.series_per_server_max = 3;
  reopen();
  append(BatchBuilder().add(kWeb, at(0s), "m", {}, {{"a", Value::of_float(1)}, {"b", Value::of_float(1)}}));
  BatchBuilder builder;
  builder.add(kWeb, at(10s), "m", {},
              {{"a", Value::of_float(2)}, {"c", Value::of_float(2)}, {"d", Value::of_float(2)}});
  builder.add(kDatabase, at(10s), "m", {}, {{"a", Value::of_float(2)}});
  const auto refused = store_->append_and_wait(builder.batch());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
  EXPECT_NE(refused.error().message.find("server 1 would have 4 series; the limit is 3"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(read({"m", {}, "a"}).size(), 1u);
  EXPECT_EQ(store_->list_series(kWeb).size(), 2u);
  EXPECT_TRUE(store_->list_series(kDatabase).empty());
  // What fits is still welcome, and the same new series many times over is one.
  append(BatchBuilder()
             .add(kWeb, at(10s), "m", {}, {{"c", Value::of_float(2)}})
             .add(kWeb, at(20s), "m", {}, {{"c", Value::of_float(2)}}));
  EXPECT_EQ(store_->list_series(kWeb).size(), 3u);
}

TEST_F(EmbeddedStoreTest, ARemovedServerIsGoneForEver) {
  append(BatchBuilder()
             .add(kWeb, idle_, {at(0s), Value::of_float(1)})
             .add(kDatabase, idle_, {at(0s), Value::of_float(2)}));
  ASSERT_TRUE(store_->seal_all());
  append(BatchBuilder().add(kWeb, at(10s), "m", {}, {{"a", Value::of_float(1)}, {"t", std::string("text")}}));
  ASSERT_TRUE(store_->remove_server(kWeb));
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(read(idle_).empty());
    EXPECT_TRUE(store_->list_series(kWeb).empty());
    EXPECT_TRUE(store_->attributes(kWeb).empty());
    EXPECT_EQ(store_->last_seen(kWeb), std::nullopt);
    EXPECT_EQ(store_->last(kWeb, idle_), std::nullopt);
    EXPECT_EQ(read(idle_, kDatabase).size(), 1u);
    reopen();
  }
  append(BatchBuilder().add(kWeb, idle_, {at(20s), Value::of_float(3)}));
  EXPECT_EQ(read(idle_), (std::vector<Sample>{{at(20s), Value::of_float(3)}}));
}

TEST_F(EmbeddedStoreTest, RawSamplesExpireAndTheirSpaceIsFreed) {
  BatchBuilder builder;
  for (int i = 0; i < 200'000; ++i) builder.add(kWeb, idle_, {at(i * 10ms), Value::of_float(std::sin(i))});
  append(builder);
  ASSERT_TRUE(store_->seal_all());
  ASSERT_TRUE(store_->maintain());
  const uint64_t before = store_->stats().bytes_on_disk;
  clock_.advance(std::chrono::hours(24 * 40));
  append(BatchBuilder().add(kWeb, idle_, {at(40 * 24h), Value::of_float(5)}));
  ASSERT_TRUE(store_->maintain());
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(read(idle_).size(), 1u);
  reopen();  // and checkpoints
  EXPECT_LT(store_->stats().bytes_on_disk, before / 3);
}

TEST_F(EmbeddedStoreTest, TheClockAloneSealsWhatIsTwoHoursOld) {
  append(BatchBuilder().add(kWeb, idle_, {at(0s), Value::of_float(1)}));
  const auto chunk_rows = [&] {
    auto database = Database::open(options_.path.string(), "", true);
    return *database->query_integer("SELECT count(*) FROM block");
  };
  clock_.advance(1h);
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(chunk_rows(), 0);
  clock_.advance(1h);
  // The ticker's work. It may have been awake when the clock was moved, and go to sleep only now.
  while (chunk_rows() == 0) clock_.advance(1s);
  EXPECT_EQ(read(idle_).size(), 1u);
}

TEST_F(EmbeddedStoreTest, ADamagedChunkIsNamedAndTheRestIsRead) {
  append(BatchBuilder().add(kWeb, idle_, {at(0s), Value::of_float(1)}));
  ASSERT_TRUE(store_->seal_all());
  append(BatchBuilder().add(kWeb, idle_, {at(10s), Value::of_float(2)}));
  ASSERT_TRUE(store_->seal_all());
  store_.reset();
  {
    auto database = Database::open(options_.path.string(), "", false);
    ASSERT_TRUE(database->execute("UPDATE block SET data = substr(data, 1, length(data) - 2) || x'ff00' WHERE id = 1"));
  }
  reopen();
  EXPECT_EQ(read(idle_), (std::vector<Sample>{{at(10s), Value::of_float(2)}}));
  const auto broken = store_->check();
  ASSERT_EQ(broken.size(), 1u);
  EXPECT_NE(broken[0].find("block 1 of server 1"), std::string::npos) << broken[0];
}

TEST_F(EmbeddedStoreTest, ADamagedJournalRecordIsNamedAndTheRestIsReplayed) {
  append(BatchBuilder().add(kWeb, idle_, {at(0s), Value::of_float(1)}));
  append(BatchBuilder().add(kWeb, idle_, {at(10s), Value::of_float(2)}));
  store_.reset();
  {
    auto database = Database::open(options_.path.string(), "", false);
    ASSERT_TRUE(database->execute("UPDATE journal SET data = x'01020304050607' WHERE seq = 1"));
  }
  reopen();
  EXPECT_EQ(read(idle_), (std::vector<Sample>{{at(10s), Value::of_float(2)}}));
  EXPECT_EQ(store_->check().size(), 1u);
}

TEST_F(EmbeddedStoreTest, ABackupOfARunningStoreOpensAsOne) {
  append(BatchBuilder().add(kWeb, idle_, {at(0s), Value::of_float(1)}));
  ASSERT_TRUE(store_->seal_all());
  append(BatchBuilder().add(kWeb, idle_, {at(10s), Value::of_float(2)}));
  const auto copy = folder_.path() / "copy.db";
  ASSERT_TRUE(store_->backup(copy));
  EXPECT_EQ(store_->backup(copy).error().code, ErrorCode::kAlreadyExists);
  append(BatchBuilder().add(kWeb, idle_, {at(20s), Value::of_float(3)}));
  options_.path = copy;
  reopen();
  EXPECT_EQ(read(idle_).size(), 2u);
  EXPECT_EQ(store_->check(), std::vector<std::string>());
}

TEST_F(EmbeddedStoreTest, WhatIsNoSampleStoreIsRefused) {
  options_.path = folder_.path() / "other.db";
  {
    auto database = Database::open(options_.path.string(), "", false);
    ASSERT_TRUE(database->execute("CREATE TABLE t(x)"));
  }
  const auto other = open_embedded_store(options_, clock_);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kCorrupt);
  options_.path = folder_.path() / "missing" / "samples.db";
  EXPECT_EQ(open_embedded_store(options_, clock_).error().code, ErrorCode::kIo);
}

TEST_F(EmbeddedStoreTest, NamesWithEverySignComeBack) {
  const SeriesKey odd{"a,b c=d\\e", {{"t=,\\", " ,=\\n"}}, "f i=e,l\\d"};
  append(BatchBuilder().add(kWeb, odd, {at(0s), Value::of_float(1)}));
  reopen();
  EXPECT_EQ(store_->list_series(kWeb), std::vector<SeriesKey>{odd});
  EXPECT_EQ(read(odd).size(), 1u);
}

TEST_F(EmbeddedStoreTest, TheNewestSamplesOfManySeriesComeAtOnceAndSayWhenSomethingCameLate) {
  append(BatchBuilder().add(kWeb, idle_, {at(0s), Value::of_float(1)}));
  append(BatchBuilder().add(kDatabase, idle_, {at(5s), Value::of_float(9)}));
  const SeriesRef web = store_->find(kWeb, idle_).value(), database = store_->find(kDatabase, idle_).value();
  EXPECT_EQ(store_->find(kWeb, {"cpu", {}, "nothing"}).has_value(), false);
  std::vector<NewestSamples> newest(2);
  const auto look = [&] { store_->newest(std::vector{web, database}, newest); };
  look();
  EXPECT_EQ(newest[0].count, 1);
  EXPECT_EQ(newest[0].newest, (Sample{at(0s), Value::of_float(1)}));
  EXPECT_EQ(newest[1].newest, (Sample{at(5s), Value::of_float(9)}));

  append(BatchBuilder().add(kWeb, idle_, {at(10s), Value::of_float(2)}));
  const uint32_t late = newest[0].late;
  look();
  EXPECT_EQ(newest[0].count, 2);
  EXPECT_EQ(newest[0].before.time, at(0s));
  EXPECT_EQ(newest[0].late, late);
  append(BatchBuilder().add(kWeb, idle_, {at(10s), Value::of_float(2)}));
  look();
  EXPECT_EQ(newest[0].late, late) << "the same again is no news";
  append(BatchBuilder().add(kWeb, idle_, {at(-10s), Value::of_float(3)}));
  look();
  EXPECT_EQ(newest[0].late, late + 1) << "older than both";
  append(BatchBuilder().add(kWeb, idle_, {at(10s), Value::of_float(4)}));
  look();
  EXPECT_EQ(newest[0].late, late + 2) << "the newest was changed";

  const auto pulses = store_->pulses();
  ASSERT_EQ(pulses.size(), 2u);
  for (const ServerPulse& pulse : pulses) {
    EXPECT_EQ(pulse.series, 1u);
    EXPECT_EQ(pulse.last_seen, pulse.server == kWeb ? at(10s) : at(5s));
  }
  store_->remove_server(kWeb).value();
  look();
  EXPECT_EQ(newest[0].count, 0);
  EXPECT_EQ(newest[1].count, 1);
  EXPECT_EQ(store_->pulses().size(), 1u);
}

}  // namespace
}  // namespace mps::store
