#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <random>

#include "store/embedded/aggregate.h"
#include "store/embedded/embedded_store.h"
#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/faulty_vfs.h"
#include "testing/seed.h"
#include "testing/temporary_folder.h"

// Random appends, late and repeated writes, seals, restarts, restored backups and queries, held to a plain std::map.
namespace mps::store {
namespace {

using namespace std::chrono_literals;
using mps::testing::BatchBuilder;
using mps::testing::FakeClock;
using mps::testing::FaultyVfs;
using mps::testing::TemporaryFolder;

using Model = std::map<std::pair<ServerId, SeriesKey>, std::map<Timestamp, Value>>;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kModelRuns = 3;  // ten times slower there; the plain build does all
#else
constexpr uint64_t kModelRuns = 10;
#endif
constexpr int kModelSteps = 300;

class ModelRun {
 public:
  explicit ModelRun(uint64_t seed) : random_(seed) {
    options_.path = folder_.path() / "samples.db";
    options_.vfs = FaultyVfs::kName;  // its syncs cost nothing
    options_.rows_per_chunk_max = 1 + pick(200);
    options_.head_bytes_max = 2000 + pick(100'000);
    open();
  }

  void step() {
    const auto what = pick(100);
    if (what < 60) append();
    if (what >= 60 && what < 64) seal();
    if (what >= 64 && what < 68) open();
    if (what >= 68 && what < 72) clock_.advance(std::chrono::minutes(pick(90)));
    if (what >= 72 && what < 78) maintain();
    if (what == 78) remove();
    if (what == 79) pick(4) == 0 ? restore_backup() : clock_.advance(std::chrono::hours(pick(48)));
    if (what >= 80 && what < 90) query();
    if (what >= 90) aggregate();
  }

  void check_all() {
    for (const auto& [series, samples] : model_) {
      const auto read = store_->read(series.first, series.second, {Timestamp::min(), Timestamp::max()});
      ASSERT_TRUE(read);
      expect_same(*read, samples.begin(), samples.end());
      expect_newest(series.first, series.second, samples);
    }
    for (int64_t server = 1; server <= 3; ++server) expect_series(ServerId{server});
    EXPECT_EQ(store_->check(), std::vector<std::string>());
  }

 private:
  size_t pick(size_t below) { return random_() % below; }

  void open() {
    store_.reset();
    auto opened = open_embedded_store(options_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  // Goes on with a copy that was made of the running store.
  void restore_backup() {
    const auto copy = folder_.path() / fmt::format("copy-{}.db", ++copies_);
    const auto made = store_->backup(copy);
    ASSERT_TRUE(made) << made.error().message;
    options_.path = copy;
    open();
    check_all();
  }

  void seal() { ASSERT_TRUE(store_->seal_all()); }
  void maintain() { ASSERT_TRUE(store_->maintain()); }

  SeriesKey random_key() {
    static const char* const kFields[] = {"a", "b", "c", "d", "e"};
    SeriesKey key{pick(2) == 0 ? "cpu" : "net", {}, kFields[pick(5)]};
    if (pick(3) > 0) key.tags.emplace_back("if", "eth" + std::to_string(pick(2)));
    return key;
  }

  Value random_value() {
    switch (pick(7)) {
      case 0:
        return Value::of_integer(static_cast<int64_t>(random_()));
      case 1:
        return Value::of_integer(static_cast<int64_t>(pick(1000)));
      case 2:
        return Value::of_unsigned(random_());
      case 3:
        return Value::of_boolean(pick(2) == 0);
      case 4:
        return Value::of_float(std::normal_distribution<>()(random_));
      default:
        return Value::of_float(static_cast<double>(pick(10'000)) / 100);
    }
  }

  Timestamp random_time() {
    const auto now = clock_.now();
    if (pick(10) == 0) return now - std::chrono::hours(pick(24 * 20));    // late
    if (pick(4) == 0) return now - 10s * static_cast<int64_t>(pick(20));  // repeated, perhaps
    return now - std::chrono::milliseconds(pick(3) == 0 ? static_cast<int64_t>(pick(500)) : 0);
  }

  void append() {
    BatchBuilder builder;
    for (size_t i = pick(30) + 1; i > 0; --i) {
      const ServerId server{static_cast<int64_t>(pick(3)) + 1};
      SeriesKey key = random_key();
      const Timestamp time = random_time();
      std::vector<std::pair<std::string, mps::testing::FieldValue>> fields;
      for (size_t f = pick(4) + 1; f > 0; --f) {
        const Value value = random_value();
        fields.emplace_back(key.field, value);
        model_[{server, key}][time] = value;
        key.field = std::string(1, static_cast<char>('a' + (key.field[0] - 'a' + 1) % 5));
      }
      builder.add(server, time, key.measurement, key.tags, fields);
      clock_.advance(std::chrono::seconds(pick(2) * 10));
    }
    ASSERT_TRUE(store_->append_and_wait(builder.batch()));
  }

  void remove() {
    const ServerId server{static_cast<int64_t>(pick(3)) + 1};
    ASSERT_TRUE(store_->remove_server(server));
    std::erase_if(model_, [server](const auto& entry) { return entry.first.first == server; });
    EXPECT_TRUE(store_->list_series(server).empty());
  }

  template <class It>
  static void expect_same(const std::vector<Sample>& read, It begin, It end) {
    std::vector<Sample> expected;
    for (auto it = begin; it != end; ++it) expected.push_back({it->first, it->second});
    ASSERT_EQ(read.size(), expected.size());
    EXPECT_TRUE(read == expected);
  }

  void expect_newest(ServerId server, const SeriesKey& key, const std::map<Timestamp, Value>& samples) {
    std::vector<Sample> expected;
    for (auto it = samples.rbegin(); it != samples.rend() && expected.size() < 2; ++it)
      expected.insert(expected.begin(), {it->first, it->second});
    EXPECT_TRUE(store_->last_two(server, key) == expected);
    EXPECT_EQ(store_->last(server, key)->time, expected.back().time);
  }

  void expect_series(ServerId server) {
    std::vector<SeriesKey> expected;
    std::optional<Timestamp> newest;
    for (const auto& [series, samples] : model_) {
      if (series.first != server) continue;
      expected.push_back(series.second);
      newest = std::max(newest.value_or(Timestamp::min()), samples.rbegin()->first);
    }
    EXPECT_EQ(store_->list_series(server), expected);
    EXPECT_EQ(store_->last_seen(server), newest);
  }

  void query() {
    const ServerId server{static_cast<int64_t>(pick(3)) + 1};
    const SeriesKey key = random_key();
    const auto& samples = model_[{server, key}];
    const TimeRange range{clock_.now() - std::chrono::hours(pick(500)),
                          clock_.now() - std::chrono::minutes(pick(2000)) + 1min};
    const auto read = store_->read(server, key, range);
    ASSERT_TRUE(read);
    const auto begin = samples.lower_bound(range.from);
    expect_same(*read, begin, range.empty() ? begin : samples.lower_bound(range.to));
    if (samples.empty()) {
      model_.erase({server, key});
    } else {
      expect_newest(server, key, samples);
    }
  }

  void aggregate() {
    static constexpr Duration kSteps[] = {1min, 5min, 10min, 1h, 3h, 24h};
    static constexpr Aggregate kHow[] = {Aggregate::kMin, Aggregate::kMax, Aggregate::kLast, Aggregate::kCount,
                                         Aggregate::kMean};
    const ServerId server{static_cast<int64_t>(pick(3)) + 1};
    const SeriesKey key = random_key();
    const auto found = model_.find({server, key});
    std::vector<Sample> samples;
    if (found != model_.end()) {
      for (const auto& [time, value] : found->second) samples.push_back({time, value});
    }
    const Timestamp end = clock_.now() - std::chrono::hours(pick(100));
    const Grid grid = Grid::covering({end - std::chrono::hours(pick(500)), end}, kSteps[pick(6)]);
    const Aggregate how = kHow[pick(5)];
    const auto got = store_->aggregate(server, key, grid, how);
    ASSERT_TRUE(got);
    const auto expected = aggregate_samples(samples, grid, how);
    ASSERT_EQ(got->size(), expected.size());
    const auto min = aggregate_samples(samples, grid, Aggregate::kMin);
    const auto max = aggregate_samples(samples, grid, Aggregate::kMax);
    for (size_t i = 0; i < expected.size(); ++i) {
      // Rollups keep means to 32 binary places.
      const double off = how == Aggregate::kMean ? 1e-8 * std::max(std::abs(min[i]), std::abs(max[i])) : 0;
      ASSERT_TRUE(std::abs((*got)[i] - expected[i]) <= off || (*got)[i] == expected[i] ||
                  (std::isnan((*got)[i]) && std::isnan(expected[i])))
          << "cell " << i << " of step " << grid.step / 1s << " s: " << (*got)[i] << " for " << expected[i];
    }
  }

  TemporaryFolder folder_;
  FakeClock clock_;
  std::mt19937_64 random_;
  EmbeddedOptions options_;
  std::unique_ptr<EmbeddedStore> store_;
  Model model_;
  int copies_ = 0;
};

TEST(EmbeddedStoreModel, AgreesWithAMapWhateverHappens) {
  FaultyVfs vfs;
  const uint64_t first = testing::test_seed();
  fmt::print("seeds {} to {}: MPS_TEST_SEED={}\n", first, first + kModelRuns - 1, first);
  for (uint64_t seed = first; seed < first + kModelRuns; ++seed) {
    SCOPED_TRACE("MPS_TEST_SEED=" + std::to_string(seed));
    ModelRun run(seed);
    for (int i = 0; i < kModelSteps && !::testing::Test::HasFailure(); ++i) run.step();
    if (!::testing::Test::HasFailure()) run.check_all();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace mps::store
