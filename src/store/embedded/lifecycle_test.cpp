#include <cmath>
#include <gtest/gtest.h>
#include <set>

#include "store/embedded/embedded_store.h"
#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/faulty_vfs.h"
#include "testing/temporary_folder.h"

// The whole life of samples (appended, sealed, rolled up, expired) on a disk that fails at every write in turn.
namespace mps::store {
namespace {

using namespace std::chrono_literals;
using mps::testing::BatchBuilder;
using mps::testing::FakeClock;
using mps::testing::FaultyVfs;
using mps::testing::kServer;
using mps::testing::TemporaryFolder;

constexpr long kForEver = 2'000'000'000;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kEvery = 3;  // ten times slower there; the plain build fails at every write
#else
constexpr long kEvery = 1;
#endif

// Nine samples, 40 hours apart, each in cells of its own; raw ones are kept for four days and a bit.
class Life {
 public:
  static constexpr int kSamples = 9;

  Life() {
    options_.path = folder_.path() / "samples.db";
    options_.vfs = FaultyVfs::kName;
    options_.retention.raw = 96h;
    open();
  }

  // Goes on whatever fails. Remembers what was acknowledged.
  void live() {
    for (int i = 0; i < kSamples; ++i) {
      BatchBuilder builder;
      builder.add(kServer, key_, {time_of(i), value_of(i)});
      if (store_->append_and_wait(builder.batch())) acknowledged_.insert(i);
      if (i % 3 == 1) (void)store_->seal_all();
      if (i % 3 == 2) (void)store_->maintain();
      clock_.advance(kStep);
    }
    (void)store_->maintain();
  }

  void open() {
    store_.reset();
    auto opened = open_embedded_store(options_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void close() { store_.reset(); }

  // Every acknowledged sample is there once, be it raw or in the rollups, and nothing else.
  void expect_acknowledged() {
    EXPECT_EQ(store_->check(), std::vector<std::string>());
    expect_raw();
    for (const Duration cell : {Duration(5min), Duration(1h)}) expect_cells(cell);
  }

  bool has_raw(int i) const { return !store_->read(kServer, key_, {time_of(i), time_of(i) + 1ns})->empty(); }
  Result<void> maintain_later() {
    clock_.advance(3h);  // what the journal brought back is sealed after two
    return store_->maintain();
  }
  bool acknowledged_all() const { return acknowledged_.size() == kSamples; }

 private:
  static constexpr Duration kStep = 40h;

  Timestamp time_of(int i) const { return start_ + i * kStep; }
  static Value value_of(int i) { return Value::of_float(i + 0.5); }

  void expect_raw() {
    const Timestamp kept_from = clock_.now() - options_.retention.raw;
    const auto read = store_->read(kServer, key_, {Timestamp::min(), Timestamp::max()});
    ASSERT_TRUE(read);
    std::set<int> found;
    for (const Sample& sample : *read) {
      const auto i = static_cast<int>((sample.time - start_) / kStep);
      EXPECT_EQ(sample, (Sample{time_of(i), value_of(i)}));
      EXPECT_TRUE(found.insert(i).second) << "sample " << i << " is there twice";
    }
    for (const int i : acknowledged_) {
      EXPECT_TRUE(time_of(i) < kept_from || found.contains(i)) << "sample " << i << " was acknowledged and is lost";
    }
  }

  void expect_cells(Duration cell) {
    const Grid grid = Grid::covering({start_, time_of(kSamples)}, cell);
    const auto counts = store_->aggregate(kServer, key_, grid, Aggregate::kCount);
    const auto largest = store_->aggregate(kServer, key_, grid, Aggregate::kMax);
    ASSERT_TRUE(counts && largest);
    double total = 0;
    for (const double count : *counts) total += std::isnan(count) ? 0 : count;
    for (int i = 0; i < kSamples; ++i) {
      const auto at = static_cast<size_t>((time_of(i) - grid.start) / cell);
      const bool there = (*counts)[at] == 1 && (*largest)[at] == value_of(i).as_double();
      // One that comes out of the journal after its time joins the rollups of its neighbours when it is sealed.
      EXPECT_TRUE(there || has_raw(i) || !acknowledged_.contains(i))
          << "sample " << i << " of " << cell / 1min << " min";
      EXPECT_FALSE((*counts)[at] > 1) << "sample " << i << " is rolled up twice";
      total -= there ? 1 : 0;
    }
    EXPECT_EQ(total, 0) << "samples that were never sent";
  }

  const SeriesKey key_{"cpu", {{"cpu", "cpu-total"}}, "usage_idle"};
  TemporaryFolder folder_;
  FakeClock clock_;
  const Timestamp start_ = clock_.now();
  EmbeddedOptions options_;
  std::unique_ptr<EmbeddedStore> store_;
  std::set<int> acknowledged_;
};

void live_with_faults(long nth, long count, bool power_loss) {
  SCOPED_TRACE("fault at write " + std::to_string(nth) + ", for " + std::to_string(count) +
               (power_loss ? ", then power loss" : ""));
  FaultyVfs vfs;
  Life life;
  vfs.fail_from(nth, count);
  life.live();
  if (power_loss) vfs.fail_from(1, kForEver);  // what closing would write is lost
  life.close();
  vfs.repair();
  if (power_loss) vfs.power_loss(static_cast<uint64_t>(nth), nth % 3 == 0 ? 0.0 : 0.5);
  life.open();
  life.expect_acknowledged();
  EXPECT_TRUE(life.maintain_later());  // what is due is rolled up and expires
  EXPECT_FALSE(life.has_raw(0));
  life.expect_acknowledged();
}

long writes_of_a_life() {
  FaultyVfs vfs;
  Life life;
  vfs.fail_from(0, 0);
  life.live();
  const long writes = vfs.operations();
  EXPECT_TRUE(life.acknowledged_all());
  EXPECT_FALSE(life.has_raw(0)) << "nothing has expired";
  life.expect_acknowledged();
  return writes;
}

TEST(Lifecycle, OneFailingWriteAtAnyStageLosesNothingAcknowledged) {
  const long writes = writes_of_a_life();
  for (long n = 1; n <= writes && !::testing::Test::HasFailure(); n += kEvery) live_with_faults(n, 1, false);
}

TEST(Lifecycle, PowerLossAtAnyStageLosesNothingAcknowledged) {
  const long writes = writes_of_a_life();
  for (long n = 1; n <= writes && !::testing::Test::HasFailure(); n += kEvery) live_with_faults(n, kForEver, true);
}

}  // namespace
}  // namespace mps::store
