#include "store/embedded/rollup.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "store/embedded/embedded_store.h"
#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/faulty_vfs.h"
#include "testing/temporary_folder.h"

namespace mps::store {
namespace {

using namespace std::chrono_literals;
using mps::testing::BatchBuilder;
using mps::testing::FakeClock;
using mps::testing::FaultyVfs;
using mps::testing::kServer;
using mps::testing::TemporaryFolder;

constexpr Duration kDay = std::chrono::hours(24);
const SeriesKey kGauge{"cpu", {{"cpu", "cpu-total"}}, "usage_idle"},
    kCounter{"cpu", {{"cpu", "cpu-total"}}, "time_user"};

class RollupTest : public ::testing::Test {
 protected:
  RollupTest() { open(); }

  void open() {
    store_.reset();
    auto opened = open_embedded_store(options_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  // A gauge and a counter every `step`, in batches, with the clock following.
  void record(Timestamp from, Timestamp to, Duration step) {
    BatchBuilder builder;
    for (Timestamp time = from; time < to; time += step) {
      const double gauge = std::round(std::normal_distribution<>(50, 10)(random_) * 100) / 100;
      counter_ += static_cast<int64_t>(random_() % 1000);
      gauge_samples_.push_back({time, Value::of_float(gauge)});
      counter_samples_.push_back({time, Value::of_integer(counter_)});
      builder.add(kServer, time, "cpu", {{"cpu", "cpu-total"}},
                  {{"usage_idle", Value::of_float(gauge)}, {"time_user", Value::of_integer(counter_)}});
    }
    ASSERT_TRUE(store_->append_and_wait(builder.batch()));
    clock_.set(std::max(clock_.now(), to));
  }

  void expect_agreement(const Grid& grid, double tolerance = 1e-9) {
    for (const Aggregate how :
         {Aggregate::kMean, Aggregate::kMin, Aggregate::kMax, Aggregate::kLast, Aggregate::kSum, Aggregate::kCount}) {
      expect_same(store_->aggregate(kServer, kGauge, grid, how), aggregate_samples(gauge_samples_, grid, how),
                  tolerance);
    }
    expect_same(store_->aggregate(kServer, kCounter, grid, Aggregate::kRate),
                aggregate_samples(counter_samples_, grid, Aggregate::kRate), tolerance);
  }

  static void expect_same(const Result<std::vector<double>>& got, const std::vector<double>& expected,
                          double tolerance) {
    ASSERT_TRUE(got) << got.error().message;
    ASSERT_EQ(got->size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(std::isnan((*got)[i]), std::isnan(expected[i])) << "cell " << i;
      if (std::isnan(expected[i])) continue;
      ASSERT_NEAR((*got)[i], expected[i], std::fabs(expected[i]) * tolerance) << "cell " << i;
    }
  }

  FaultyVfs vfs_;
  TemporaryFolder folder_;
  FakeClock clock_;
  const Timestamp start_ = clock_.now() - clock_.now().time_since_epoch() % kDay;
  EmbeddedOptions options_{.path = folder_.path() / "samples.db", .vfs = FaultyVfs::kName};
  std::unique_ptr<EmbeddedStore> store_;
  std::mt19937_64 random_{17};
  int64_t counter_ = 0;
  std::vector<Sample> gauge_samples_, counter_samples_;
};

TEST(Rollup, KeepsWhatIsKnownOfEachCell) {
  std::vector<Sample> samples;
  const Timestamp start{};
  for (const int second : {0, 100, 299, 300, 900})
    samples.push_back({start + std::chrono::seconds(second), Value::of_integer(second)});
  const auto cells = roll_up(samples, {start + 50s, start + 1h}, 5min);
  ASSERT_EQ(cells.size(), 3u);
  EXPECT_EQ(cells[0].count, 2u);
  EXPECT_NEAR(cells[0].mean, 199.5, 1e-6);
  EXPECT_EQ(cells[0].min, Value::of_integer(100));
  EXPECT_EQ(cells[0].last, Value::of_integer(299));
  EXPECT_EQ(cells[0].increase, 299);
  EXPECT_EQ(cells[0].seconds, 299);
  EXPECT_EQ(cells[1].start, 300'000'000'000);
  EXPECT_EQ(cells[2].seconds, 600);
}

TEST(Rollup, CellsComeBackFromAChunk) {
  const std::vector<RollupCell> cells = {
      {300, 3, 1.5, Value::of_integer(1), Value::of_integer(2), Value::of_integer(2), 7, 30},
      {600, 1, 2.5, Value::of_float(2.5), Value::of_float(2.5), Value::of_float(2.5), 0, 0}};
  RollupTable table;
  table.add(2, cells);
  table.add(5, std::span(cells).subspan(1));
  const RowTable rows = table.table();
  const std::string bytes = encode_chunk(rows, 0, rows.times.size());
  const auto chunk = ChunkView::open(bytes);
  const auto read = read_cells(*chunk, 2, {Timestamp::min(), Timestamp::max()});
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[0].count, 3u);
  EXPECT_EQ((*read)[0].max, Value::of_integer(2));
  EXPECT_EQ((*read)[1].mean, 2.5);
  EXPECT_EQ(read_cells(*chunk, 5, {Timestamp::min(), Timestamp::max()})->size(), 1u);
  const auto rates = read_cells(*chunk, 2, {Timestamp::min(), Timestamp::max()}, stats_for(Aggregate::kRate));
  ASSERT_EQ(rates->size(), 2u);
  EXPECT_EQ((*rates)[0].count, 3u);
  EXPECT_EQ((*rates)[0].increase, 7);
  EXPECT_EQ((*rates)[0].seconds, 30);
  EXPECT_EQ((*rates)[1].mean, 0) << "not asked for";
  EXPECT_TRUE(read_cells(*chunk, 4, {Timestamp::min(), Timestamp::max()})->empty());
}

TEST(Rollup, TheTierFollowsTheStep) {
  const auto tier = [](Duration start, Duration step) { return choose_tier({Timestamp(start), step, 10}); };
  EXPECT_EQ(tier(0s, 1min), Tier::kRaw);
  EXPECT_EQ(tier(0s, 5min), Tier::kFiveMinutes);
  EXPECT_EQ(tier(1min, 5min), Tier::kRaw);
  EXPECT_EQ(tier(0s, 7min), Tier::kRaw);
  EXPECT_EQ(tier(0s, 30min), Tier::kFiveMinutes);
  EXPECT_EQ(tier(0s, 1h), Tier::kHour);
  EXPECT_EQ(tier(0s, 8640s), Tier::kFiveMinutes);
  EXPECT_EQ(tier(0s, 24h), Tier::kHour);
}

TEST_F(RollupTest, QueriesOverRollupsAgreeWithTheRawSamples) {
  record(start_, start_ + 9 * kDay, 60s);
  ASSERT_TRUE(store_->seal_all());
  ASSERT_TRUE(store_->maintain());
  expect_agreement(Grid::covering({start_ - kDay, start_ + 9 * kDay}, 5min));
  expect_agreement(Grid::covering({start_ - kDay, start_ + 9 * kDay}, 1h));
  expect_agreement(Grid::covering({start_ + 30h, start_ + 100h}, 30min));
  open();
  expect_agreement(Grid::covering({start_, start_ + 9 * kDay}, 6h));
}

TEST_F(RollupTest, OneHourOfLateSamplesChangesTheRollupsToo) {
  record(start_, start_ + 8 * kDay, 60s);
  ASSERT_TRUE(store_->seal_all());
  ASSERT_TRUE(store_->maintain());
  // The last write of a time wins.
  BatchBuilder builder;
  for (int i = 0; i < 60; ++i) {
    Sample& sample = gauge_samples_[static_cast<size_t>(24 * 60 + i)];
    sample.value = Value::of_float(-i);
    builder.add(kServer, kGauge, sample);
  }
  ASSERT_TRUE(store_->append_and_wait(builder.batch()));
  expect_agreement(Grid::covering({start_, start_ + 8 * kDay}, 1h));  // still in the journal
  ASSERT_TRUE(store_->seal_all());
  expect_agreement(Grid::covering({start_, start_ + 8 * kDay}, 1h));  // sealed, not rolled up
  ASSERT_TRUE(store_->maintain());
  expect_agreement(Grid::covering({start_, start_ + 8 * kDay}, 1h));
}

TEST_F(RollupTest, EachTierHasItsOwnRetention) {
  options_.retention.raw = 5 * kDay;
  options_.retention.five_minutes = 20 * kDay;
  options_.retention.hour = 40 * kDay;
  open();
  record(start_, start_ + 7 * kDay, 60s);
  ASSERT_TRUE(store_->seal_all());
  ASSERT_TRUE(store_->maintain());
  const auto known = [&](Duration step) {
    const auto cells =
        store_->aggregate(kServer, kGauge, Grid::covering({start_, start_ + 7 * kDay}, step), Aggregate::kMean);
    return std::count_if(cells->begin(), cells->end(), [](double v) { return !std::isnan(v); });
  };
  const auto samples = [&] { return store_->read(kServer, kGauge, {start_, start_ + 7 * kDay})->size(); };
  clock_.advance(4 * kDay);
  ASSERT_TRUE(store_->maintain());
  clock_.advance(5 * kDay);
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(samples(), 0u);
  EXPECT_EQ(known(5min), 7 * 288);
  expect_agreement(Grid::covering({start_, start_ + 7 * kDay}, 1h));
  clock_.advance(14 * kDay);
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(known(5min), 0);
  EXPECT_EQ(known(1h), 7 * 24);
  clock_.advance(40 * kDay);
  ASSERT_TRUE(store_->maintain());
  EXPECT_EQ(known(1h), 0);
}

TEST_F(RollupTest, ALateSampleDoesNotWipeOutRollupsWhoseRawSamplesAreGone) {
  options_.retention.raw = 5 * kDay;
  open();
  record(start_, start_ + 7 * kDay, 60s);
  ASSERT_TRUE(store_->seal_all());
  ASSERT_TRUE(store_->maintain());
  clock_.advance(4 * kDay);
  ASSERT_TRUE(store_->maintain());
  clock_.advance(5 * kDay);
  ASSERT_TRUE(store_->maintain());
  ASSERT_TRUE(
      store_->append_and_wait(BatchBuilder().add(kServer, kGauge, {start_ + 30h + 30s, Value::of_float(1e6)}).batch()));
  const Grid grid = Grid::covering({start_, start_ + 7 * kDay}, 1h);
  expect_agreement(grid);
  ASSERT_TRUE(store_->seal_all());
  expect_agreement(grid);
  ASSERT_TRUE(store_->maintain());
  expect_agreement(grid);
}

TEST_F(RollupTest, ALongerRetentionDoesNotTakeExpiredSamplesForKept) {
  options_.retention.raw = 5 * kDay;
  open();
  record(start_, start_ + 7 * kDay, 60s);
  ASSERT_TRUE(store_->seal_all());
  ASSERT_TRUE(store_->maintain());
  clock_.advance(4 * kDay);
  ASSERT_TRUE(store_->maintain());
  clock_.advance(5 * kDay);
  ASSERT_TRUE(store_->maintain());
  ASSERT_TRUE(store_->read(kServer, kGauge, {start_, start_ + 7 * kDay})->empty());
  options_.retention = kKeepAll;
  open();
  ASSERT_TRUE(
      store_->append_and_wait(BatchBuilder().add(kServer, kGauge, {start_ + 30h + 30s, Value::of_float(1e6)}).batch()));
  ASSERT_TRUE(store_->seal_all());
  ASSERT_TRUE(store_->maintain());
  expect_agreement(Grid::covering({start_, start_ + 7 * kDay}, 1h));
}

TEST_F(RollupTest, RollupsTakeLittleSpace) {
  record(start_, start_ + 8 * kDay, 10s);
  ASSERT_TRUE(store_->seal_all());
  ASSERT_TRUE(store_->maintain());
  auto database = Database::open(options_.path.string(), options_.vfs, true);
  const auto raw = *database->query_integer("SELECT sum(length(data)) FROM block WHERE tier = 0");
  const auto rolled = *database->query_integer("SELECT sum(length(data)) FROM block WHERE tier > 0");
  EXPECT_GT(rolled, 0);
  EXPECT_LT(rolled, raw / 4);
}

}  // namespace
}  // namespace mps::store
