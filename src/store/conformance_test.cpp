#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <random>

#include "store/embedded/aggregate.h"
#include "store/embedded/embedded_store.h"
#include "store/influxdb/influx_store.h"
#include "testing/batches.h"
#include "testing/fake_clock.h"
#include "testing/influx_server.h"
#include "testing/seed.h"
#include "testing/temporary_folder.h"

// What SampleStore promises, held to by each engine. InfluxDB's is tried twice: with samples that are still in the data
// folder, and with samples that are in InfluxDB alone.
namespace mps::store {
namespace {

using namespace std::chrono_literals;
using mps::testing::BatchBuilder;
using mps::testing::FakeClock;
using mps::testing::InfluxServer;
using mps::testing::kAlways;
using mps::testing::TemporaryFolder;

enum class EngineKind { kEmbedded, kInfluxYoung, kInfluxOld };

constexpr Duration kDay = 24h;
constexpr ServerId kMail{1}, kShop{2};

InfluxServer& influx_of_this_program() {
  static InfluxServer server;
  return server;
}

class StoreConformance : public ::testing::TestWithParam<EngineKind> {
 protected:
  StoreConformance() {
    embedded_.path = folder_.path() / "samples.db";
    if (GetParam() == EngineKind::kInfluxOld) embedded_.retention = {1h, 1h, 1h};
    if (GetParam() != EngineKind::kEmbedded) {
      influx_.target = parse_influx_url(influx_of_this_program().url("a%20b%22c")).value();
      influx_.target.hub = folder_.path().filename();  // a hub of its own in a database that all share
    }
    open();
  }

  void open() {
    store_.reset();
    if (GetParam() == EngineKind::kEmbedded) {
      store_ = std::move(*open_embedded_store(embedded_, clock_));
      return;
    }
    influx_.embedded = embedded_;
    influx_.state_path = folder_.path() / "influxdb.db";
    influx_.forwarder.linger = Duration::zero();
    auto opened = open_influx_store(influx_, clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }

  void append(const BatchBuilder& builder) {
    const auto result = store_->append_and_wait(builder.batch());
    ASSERT_TRUE(result) << result.error().message;
  }

  // From here on what was appended is where it is to be read from.
  void settle() {
    auto* const influx = dynamic_cast<InfluxStore*>(store_.get());
    if (influx == nullptr) return;
    ASSERT_TRUE(influx->wait_until_sent());
    EXPECT_EQ(influx->stats().trouble, "");
    EXPECT_EQ(influx->forwarding().samples_rejected, 0u);
    if (GetParam() != EngineKind::kInfluxOld) return;
    ASSERT_TRUE(influx->embedded().seal_all());
    clock_.advance(1h);  // expiry looks every ten minutes
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(influx->embedded().maintain());
    for (const ServerPulse& pulse : store_->pulses()) {
      for (const SeriesKey& key : store_->list_series(pulse.server))
        ASSERT_TRUE(influx->embedded().read(pulse.server, key, kAlways)->empty()) << key.to_string();
    }
  }

  std::vector<Sample> read(const SeriesKey& key, ServerId server = kMail, TimeRange range = kAlways) {
    auto samples = store_->read(server, key, range);
    EXPECT_TRUE(samples) << samples.error().message;
    return samples ? *samples : std::vector<Sample>();
  }
  void expect_aggregates(const SeriesKey& key, const std::vector<Sample>& samples, const std::vector<Grid>& grids,
                         const std::vector<Aggregate>& hows) {
    for (const Grid& grid : grids) {
      for (const Aggregate how : hows) {
        const auto expected = aggregate_samples(samples, grid, how);
        const auto found = store_->aggregate(kMail, key, grid, how);
        ASSERT_TRUE(found) << found.error().message;
        ASSERT_EQ(found->size(), expected.size());
        for (size_t i = 0; i < expected.size(); ++i) {
          SCOPED_TRACE(fmt::format("{} {} {} of {} s", key.to_string(), static_cast<int>(how), i, grid.step / 1s));
          ASSERT_EQ(std::isnan((*found)[i]), std::isnan(expected[i])) << (*found)[i] << " " << expected[i];
          if (std::isnan(expected[i])) continue;
          ASSERT_NEAR((*found)[i], expected[i], 1e-9 * (1 + std::abs(expected[i])));
        }
      }
    }
  }

  // Old enough for half-weeks of it to have expired where an hour is kept.
  Timestamp at(Duration offset) const { return start_ + offset; }

  TemporaryFolder folder_;
  FakeClock clock_;
  const Timestamp start_ = Timestamp((clock_.now() - 20 * kDay).time_since_epoch() / 1h * 1h);
  EmbeddedOptions embedded_;
  InfluxOptions influx_;
  std::unique_ptr<SampleStore> store_;
  const SeriesKey idle_{"cpu", {{"cpu", "cpu-total"}}, "usage_idle"};
};

std::string engine_name(const ::testing::TestParamInfo<EngineKind>& engine) {
  constexpr const char* kNames[] = {"Embedded", "InfluxYoung", "InfluxOld"};
  return kNames[static_cast<size_t>(engine.param)];
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreConformance,
                         ::testing::Values(EngineKind::kEmbedded, EngineKind::kInfluxYoung, EngineKind::kInfluxOld),
                         engine_name);

TEST_P(StoreConformance, WhatIsAppendedIsReadAfterReopeningToo) {
  BatchBuilder builder;
  std::vector<Sample> expected;
  for (int i = 0; i < 2500; ++i) {
    expected.push_back({at(i * 10s), Value::of_float(std::sin(i) * 1e6)});
    builder.add(kMail, idle_, expected.back());
  }
  append(builder);
  settle();
  EXPECT_EQ(read(idle_), expected);
  EXPECT_EQ(store_->last(kMail, idle_), expected.back());
  open();
  EXPECT_EQ(read(idle_), expected);
  EXPECT_EQ(store_->last_two(kMail, idle_), (std::vector<Sample>{expected[2498], expected[2499]}));
  EXPECT_EQ(store_->last_seen(kMail), expected.back().time);
  EXPECT_EQ(store_->list_series(kMail), std::vector<SeriesKey>{idle_});
}

TEST_P(StoreConformance, EveryTypeAndEveryBitComesBack) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min(), kMax = std::numeric_limits<int64_t>::max();
  const std::map<std::string, std::vector<Value>> columns = {
      {"floats",
       {Value::of_float(-0.0), Value::of_float(5e-324), Value::of_float(1.7976931348623157e308), Value::of_float(0.1),
        Value::of_float(1.0), Value::of_float(9007199254740993.0), Value::of_float(-1e-7)}},
      {"integers", {Value::of_integer(kMin), Value::of_integer(kMax), Value::of_integer(9007199254740993)}},
      {"unsigned", {Value::of_unsigned(0), Value::of_unsigned(~uint64_t{0}), Value::of_unsigned(1)}},
      {"booleans", {Value::of_boolean(true), Value::of_boolean(false)}},
      {"mixed", {Value::of_float(1), Value::of_integer(1), Value::of_boolean(true), Value::of_unsigned(1)}}};
  BatchBuilder builder;
  for (const auto& [name, values] : columns) {
    for (size_t i = 0; i < values.size(); ++i)
      builder.add(kMail, at(static_cast<int64_t>(i) * 10s), "types", {}, {{name, values[i]}});
  }
  append(builder);
  settle();
  for (int round = 0; round < 2; ++round) {
    for (const auto& [name, values] : columns) {
      const auto samples = read({"types", {}, name});
      ASSERT_EQ(samples.size(), values.size()) << name;
      for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ(samples[i].value, values[i]) << name << " " << i;
    }
    open();  // and with what InfluxDB tells of its fields
  }
}

TEST_P(StoreConformance, LateAndRepeatedSamplesAreSortedInAndTheLastWriteWins) {
  append(BatchBuilder()
             .add(kMail, idle_, {at(10s), Value::of_float(1)})
             .add(kMail, idle_, {at(30s), Value::of_float(3)})
             .add(kMail, idle_, {at(30s), Value::of_float(4)}));
  append(BatchBuilder()
             .add(kMail, idle_, {at(20s), Value::of_float(2)})
             .add(kMail, idle_, {at(30s), Value::of_float(33)}));
  append(BatchBuilder().add(kMail, idle_, {at(-24h), Value::of_float(0)}));
  settle();
  append(BatchBuilder().add(kMail, idle_, {at(20s), Value::of_float(22)}));
  const std::vector<Sample> expected = {{at(-24h), Value::of_float(0)},
                                        {at(10s), Value::of_float(1)},
                                        {at(20s), Value::of_float(22)},
                                        {at(30s), Value::of_float(33)}};
  EXPECT_EQ(read(idle_), expected) << "part of it here, part of it there";
  settle();
  EXPECT_EQ(read(idle_), expected);
}

TEST_P(StoreConformance, RangesAreHalfOpen) {
  BatchBuilder builder;
  for (int i = 0; i < 10; ++i) builder.add(kMail, idle_, {at(i * 10s), Value::of_float(i)});
  append(builder);
  settle();
  const auto count = [&](Duration from, Duration to) { return read(idle_, kMail, {at(from), at(to)}).size(); };
  EXPECT_EQ(count(0s, 100s), 10u);
  EXPECT_EQ(count(90s, 91s), 1u);
  EXPECT_EQ(count(80s, 90s), 1u);
  EXPECT_EQ(count(-10s, 0s), 0u);
  EXPECT_EQ(count(-10s, 1ns), 1u);
  EXPECT_EQ(count(50s, 50s), 0u);
  EXPECT_EQ(count(60s, 50s), 0u);
}

TEST_P(StoreConformance, SeriesThatLookAlikeAreKeptApart) {
  const std::vector<SeriesKey> keys = {{"cpu", {}, "usage"},
                                       {"cpu", {{"cpu", "0"}}, "usage"},
                                       {"cpu", {{"core", "1"}, {"cpu", "0"}}, "usage"},
                                       {"cpu", {{"cpu", "0"}}, "usage:i"},
                                       {"cpu", {{"cpu", "0"}}, "usage%3Ai"},
                                       {"cpu", {{"cpu", "0"}}, "usage:s"},
                                       {"cpu", {{"usage", "0"}}, "usage"},
                                       {"cpu", {{"mps_server", "2"}}, "usage"},
                                       {"CPU", {}, "usage"}};
  BatchBuilder builder;
  double value = 0;
  for (const SeriesKey& key : keys) {
    builder.add(kMail, key, {at(0s), Value::of_float(++value)});
    builder.add(kShop, key, {at(0s), Value::of_float(-value)});
  }
  append(builder);
  settle();
  value = 0;
  for (const SeriesKey& key : keys) {
    ++value;
    EXPECT_EQ(read(key), (std::vector<Sample>{{at(0s), Value::of_float(value)}})) << key.to_string();
    EXPECT_EQ(read(key, kShop), (std::vector<Sample>{{at(0s), Value::of_float(-value)}})) << key.to_string();
  }
  EXPECT_EQ(store_->list_series(kMail).size(), keys.size());
}

TEST_P(StoreConformance, NamesWithEverySignComeBack) {
  std::vector<SeriesKey> keys = {{"a,b c=d\\e", {{"t=,\\", " ,=\\n"}}, "f i=e,l\\d"},
                                 {"#note", {}, "_x"},
                                 {"time", {{"time", "time"}}, "time"},
                                 {"\"q\"'", {{"'", "\""}}, "'\""},
                                 {"m\\", {{"k\\", "v\\"}}, "f\\"},
                                 {"%41", {{"%", "%%25"}}, "100%"},
                                 {"Grüße 🌡", {{"ж", "ю"}}, "µ"},
                                 {"\xff\xfe", {{"\x80", "\xc3"}}, "\xed\xa0\x80"}};
  std::string every;
  for (int c = 1; c < 256; ++c) every += static_cast<char>(c);
  keys.push_back({every, {{every, every}}, every});
  BatchBuilder builder;
  for (const SeriesKey& key : keys) builder.add(kMail, key, {at(0s), Value::of_float(1)});
  append(builder);
  settle();
  for (const SeriesKey& key : keys) EXPECT_EQ(read(key).size(), 1u) << key.to_string();
}

TEST_P(StoreConformance, StepsAndAggregatesAreThoseOfTheSamples) {
  std::mt19937 random(mps::testing::test_seed());
  SCOPED_TRACE(fmt::format("seed {}", mps::testing::test_seed()));
  using Make = std::function<Value()>;
  const auto eighths = [&] { return static_cast<int>(random() % 8000) / 8.0 - 300; };
  const std::vector<std::pair<std::string, Make>> series = {
      {"floats", [&] { return Value::of_float(eighths()); }},
      {"integers", [&] { return Value::of_integer(static_cast<int64_t>(eighths())); }},
      {"huge", [&] { return Value::of_integer((int64_t{1} << 61) - static_cast<int64_t>(random())); }},
      {"unsigned", [&] { return Value::of_unsigned(~uint64_t{0} - random()); }},
      {"booleans", [&] { return Value::of_boolean(random() % 2 == 0); }},
      {"mixed", [&] { return random() % 2 == 0 ? Value::of_float(eighths()) : Value::of_integer(7); }}};
  std::map<std::string, std::map<Timestamp, Value>> model;
  BatchBuilder builder;
  for (const auto& [field, make] : series) {
    for (int i = 0; i < 1500; ++i) {
      const Sample sample{at(std::chrono::seconds(random() % 36'000)), make()};
      model[field][sample.time] = sample.value;
    }
    for (const auto& [time, value] : model[field]) builder.add(kMail, {"figures", {}, field}, {time, value});
  }
  append(builder);
  settle();
  for (const auto& [field, by_time] : model) {
    std::vector<Sample> samples;
    for (const auto& [time, value] : by_time) samples.push_back({time, value});
    expect_aggregates(
        {"figures", {}, field}, samples,
        {Grid{at(0s), 10s, 3600}, Grid{at(-5min), 1min, 700}, Grid{at(7s), 100s, 300}, Grid{at(-1h), 5min, 150},
         Grid{at(-2h), 1h, 15}, Grid{at(-30h), 36h, 3}},
        {Aggregate::kMean, Aggregate::kMin, Aggregate::kMax, Aggregate::kLast, Aggregate::kSum, Aggregate::kCount});
  }
}

TEST_P(StoreConformance, RatesAreThoseOfTheSamples) {
  std::mt19937 random(mps::testing::test_seed());
  SCOPED_TRACE(fmt::format("seed {}", mps::testing::test_seed()));
  BatchBuilder builder;
  std::map<std::string, std::vector<Sample>> model;
  for (const char* field : {"integers", "floats"}) {
    int64_t counter = int64_t{1} << 53;  // beyond what a double holds to the last unit
    Timestamp time = at(0s);
    for (int i = 0; i < 3000; ++i) {
      const auto chance = random() % 1000;
      time += chance < 5 ? Duration(40min) : Duration(std::chrono::seconds(1 + random() % 20));
      counter = chance >= 995 ? static_cast<int64_t>(random() % 1000) : counter + static_cast<int64_t>(random() % 5000);
      const Value value = field[0] == 'i' ? Value::of_integer(counter)
                                          : Value::of_float(static_cast<double>(counter % (int64_t{1} << 40)) / 8);
      model[field].push_back({time, value});
      builder.add(kMail, {"counters", {{"if", "eth0"}}, field}, model[field].back());
    }
  }
  append(builder);
  settle();
  for (const auto& [field, samples] : model) {
    expect_aggregates({"counters", {{"if", "eth0"}}, field}, samples,
                      {Grid{at(0s), 10s, 3600}, Grid{at(-5min), 1min, 700}, Grid{at(7s), 100s, 300},
                       Grid{at(1h), 5min, 150}, Grid{at(2h), 1h, 8}},
                      {Aggregate::kRate});
  }
}

TEST_P(StoreConformance, RatesOfCountersKnowResetsAndGaps) {
  const SeriesKey counter{"net", {{"interface", "eth0"}}, "bytes_recv"};
  BatchBuilder builder;
  const auto add = [&](Duration offset, int64_t value) {
    builder.add(kMail, counter, {at(offset), Value::of_integer(value)});
  };
  for (int i = 0; i <= 12; ++i) add(i * 10s, i * 500);  // 50 a second
  add(130s, 100);                                       // a reset: 100 more
  add(140s, 600);
  add(20min, 100'000);  // after a gap that tells nothing
  add(20min + 10s, 100'010);
  append(builder);
  settle();
  const auto rates = store_->aggregate(kMail, counter, {at(0s), 60s, 22}, Aggregate::kRate);
  ASSERT_TRUE(rates);
  EXPECT_DOUBLE_EQ((*rates)[0], 50);
  EXPECT_DOUBLE_EQ((*rates)[1], 50);
  EXPECT_DOUBLE_EQ((*rates)[2], (500 + 100 + 500) / 30.0);
  for (size_t i = 3; i < 20; ++i) EXPECT_TRUE(std::isnan((*rates)[i])) << i;
  EXPECT_DOUBLE_EQ((*rates)[20], 1);
  const auto later = store_->aggregate(kMail, counter, {at(60s), 60s, 1}, Aggregate::kRate);
  EXPECT_DOUBLE_EQ((*later)[0], 50) << "the sample before the grid tells the first step";
}

TEST_P(StoreConformance, NotANumberIsNeverStored) {
  append(
      BatchBuilder().add(kMail, at(0s), "m", {},
                         {{"a", Value::of_float(NAN)}, {"b", Value::of_float(1)}, {"c", Value::of_float(INFINITY)}}));
  settle();
  EXPECT_TRUE(read({"m", {}, "a"}).empty());
  EXPECT_TRUE(read({"m", {}, "c"}).empty());
  EXPECT_EQ(read({"m", {}, "b"}).size(), 1u);
}

TEST_P(StoreConformance, ARemovedServerIsGoneAndMayComeBack) {
  const SeriesKey other{"m", {}, "a"};
  append(BatchBuilder()
             .add(kMail, idle_, {at(0s), Value::of_float(1)})
             .add(kMail, other, {at(0s), Value::of_float(1)})
             .add(kShop, idle_, {at(0s), Value::of_float(2)}));
  settle();
  ASSERT_TRUE(store_->remove_server(kMail));
  EXPECT_TRUE(read(idle_).empty());
  EXPECT_TRUE(store_->list_series(kMail).empty());
  append(BatchBuilder().add(kMail, idle_, {at(20s), Value::of_float(3)}));
  EXPECT_EQ(read(idle_), (std::vector<Sample>{{at(20s), Value::of_float(3)}}));
  settle();
  EXPECT_EQ(read(idle_), (std::vector<Sample>{{at(20s), Value::of_float(3)}}));
  EXPECT_EQ(read(idle_, kShop), (std::vector<Sample>{{at(0s), Value::of_float(2)}}));
  EXPECT_TRUE(read(other).empty());
}

TEST_P(StoreConformance, AThousandServersAreKeptApart) {
  constexpr int kServers = 1000, kTimes = 20;
  for (int t = 0; t < kTimes; ++t) {
    BatchBuilder builder;
    for (int s = 1; s <= kServers; ++s) {
      builder.add(ServerId{s}, at(t * 10s), "cpu", {{"cpu", "cpu-total"}},
                  {{"usage_idle", Value::of_float(s + t / 100.0)}, {"usage_user", Value::of_float(t)}});
    }
    append(builder);
  }
  settle();
  for (int s = 1; s <= kServers; s += 37) {
    const auto samples = read(idle_, ServerId{s});
    ASSERT_EQ(samples.size(), static_cast<size_t>(kTimes)) << s;
    EXPECT_EQ(samples[7].value, Value::of_float(s + 0.07));
  }
  EXPECT_EQ(store_->pulses().size(), static_cast<size_t>(kServers));
}

}  // namespace
}  // namespace mps::store
