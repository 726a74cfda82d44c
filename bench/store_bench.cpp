// The embedded store under the load of a made fleet: what an ingested value costs, what it takes on disk and in memory,
// and how fast queries are.
//   MPS_BENCH_BODIES=FILE   request bodies of line protocol, separated by NUL, host tags "srv00000" and up (a small
//   fleet of its own otherwise) MPS_BENCH_DIR=DIR       where samples.db goes (the system's temporary folder otherwise)
//   store_bench [--benchmark_filter=...]
#include <atomic>
#include <benchmark/benchmark.h>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <random>
#include <sstream>
#include <sys/resource.h>
#include <thread>

#include "base/clock.h"
#include "store/embedded/embedded_store.h"
#include "testing/fake_clock.h"
#include "wire/line_protocol.h"

namespace mps::store {
namespace {

struct Load {
  std::vector<std::string> bodies;
  size_t values = 0;
  size_t servers = 0;
  Timestamp last{};
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double rss_mb() {
  std::ifstream status("/proc/self/statm");
  double size = 0, resident = 0;
  status >> size >> resident;
  return resident * 4096 / 1e6;
}

std::string one_body(size_t server, int64_t second, std::mt19937_64& random) {
  std::normal_distribution<double> noise(0, 2);
  const double user = 30 + noise(random), system = 8 + noise(random) / 4;
  const auto used = static_cast<int64_t>(8e9 + 2e7 * noise(random));
  return fmt::format(
      "cpu,cpu=cpu-total,host=srv{0:05} usage_user={2:.4f},usage_system={3:.4f},usage_idle={4:.4f},usage_nice=0 "
      "{1}000000000\n"
      "mem,host=srv{0:05} total=16777216000i,used={5}i,available={6}i,used_percent={7:.6f} {1}000000000\n",
      server, second, user, system, 100 - user - system, used, 16'777'216'000 - used,
      static_cast<double>(used) / 16'777'216'000 * 100);
}

std::vector<std::string> made_bodies() {
  std::mt19937_64 random(7);
  std::vector<std::string> bodies;
  const int64_t end = SystemClock().now().time_since_epoch() / std::chrono::seconds(1);
  for (int tick = 0; tick < 240; ++tick) {
    for (size_t server = 0; server < 50; ++server)
      bodies.push_back(one_body(server, end / 10 * 10 - (239 - tick) * 10, random));
  }
  return bodies;
}

std::vector<std::string> read_bodies(const char* file) {
  std::vector<std::string> bodies;
  std::ifstream in(file, std::ios::binary);
  for (std::string body; std::getline(in, body, '\0');) bodies.push_back(std::move(body));
  return bodies;
}

size_t server_of(std::span<const Tag> tags) {
  for (const Tag& tag : tags) {
    if (tag.name == "host") return static_cast<size_t>(std::strtoull(tag.value.data() + 3, nullptr, 10)) + 1;
  }
  return 1;
}

size_t parse(const std::string& body, wire::ParseResult& parsed) {
  wire::parse_line_protocol(body, wire::Precision::kNanoseconds, {}, parsed);
  for (Point& point : parsed.batch.points)
    point.server = ServerId{static_cast<int64_t>(server_of(parsed.batch.tags(point)))};
  return parsed.batch.all_fields.size();
}

const Load& load() {
  static const Load made = [] {
    Load fresh;
    const char* const file = std::getenv("MPS_BENCH_BODIES");
    fresh.bodies = file != nullptr ? read_bodies(file) : made_bodies();
    wire::ParseResult parsed;
    for (const std::string& body : fresh.bodies) {
      fresh.values += parse(body, parsed);
      for (const Point& point : parsed.batch.points)
        fresh.servers = std::max(fresh.servers, static_cast<size_t>(point.server));
      fresh.last = std::max(fresh.last, parsed.batch.points.back().time.value_or(Timestamp()));
    }
    return fresh;
  }();
  return made;
}

// Requests under way, as from so many connections. Senders wake when half of them are answered: a wake-up for each
// would cost more than the request.
class Window {
 public:
  explicit Window(size_t size) : size_(size), free_(size) {}
  void enter() {
    std::unique_lock lock(mutex_);
    if (free_ == 0) changed_.wait(lock, [this] { return free_ >= (size_ + 1) / 2; });
    --free_;
  }
  void leave() {
    bool wake;
    {
      const std::lock_guard lock(mutex_);
      wake = ++free_ == (size_ + 1) / 2 || free_ == size_;
    }
    if (wake) changed_.notify_all();
  }
  void wait_all() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return free_ == size_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  const size_t size_;
  size_t free_;
};

std::filesystem::path file() {
  const char* const folder = std::getenv("MPS_BENCH_DIR");
  return (folder != nullptr ? std::filesystem::path(folder) : std::filesystem::temp_directory_path()) /
         "mps_store_bench.db";
}

void remove_file() {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file().string() + suffix);
}

std::unique_ptr<EmbeddedStore> open_store(Clock& clock) {
  EmbeddedOptions options;
  options.path = file();
  return std::move(open_embedded_store(options, clock)).value();
}

void send_all(EmbeddedStore& store, size_t threads, size_t connections) {
  Window window(connections);
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    wire::ParseResult parsed;
    for (size_t i; (i = next++) < load().bodies.size();) {
      parse(load().bodies[i], parsed);
      window.enter();
      store.append(parsed.batch, [&window](Result<void> result) {
        if (!result) std::abort();
        window.leave();
      });
    }
  };
  std::vector<std::jthread> workers;
  for (size_t i = 0; i < threads; ++i) workers.emplace_back(work);
  workers.clear();
  window.wait_all();
}

void BM_CopyBytesAlone(benchmark::State& state) {
  std::string copy;
  for (auto _ : state) {
    for (const std::string& body : load().bodies) {
      copy.assign(body);
      benchmark::DoNotOptimize(copy.data());
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * load().values));
}
BENCHMARK(BM_CopyBytesAlone)->Unit(benchmark::kMillisecond);

void BM_ParseAlone(benchmark::State& state) {
  wire::ParseResult parsed;
  for (auto _ : state) {
    for (const std::string& body : load().bodies) benchmark::DoNotOptimize(parse(body, parsed));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * load().values));
}
BENCHMARK(BM_ParseAlone)->Unit(benchmark::kMillisecond);

// Parses and commits everything; then seals. Counters: CPU microseconds a value of the whole process, requests a
// commit, bytes on disk a value.
void BM_Ingest(benchmark::State& state) {
  testing::FakeClock clock(load().last);  // as of then: the half-week is not over, and is not rolled up
  for (auto _ : state) {
    remove_file();
    const double rss_before = rss_mb();
    auto store = open_store(clock);
    const double cpu_before = cpu_seconds();
    send_all(*store, 2, static_cast<size_t>(state.range(0)));
    const double cpu = cpu_seconds() - cpu_before;
    const auto values = static_cast<double>(load().values);
    const StoreStats stats = store->stats();
    state.counters["cpu_us_per_value"] = cpu / values * 1e6;
    state.counters["requests_per_commit"] =
        static_cast<double>(load().bodies.size()) / static_cast<double>(stats.commits);
    state.counters["unsealed_bytes_per_value"] = static_cast<double>(stats.bytes_on_disk) / values;
    state.counters["series"] = static_cast<double>(stats.series);
    state.counters["rss_growth_bytes_per_series"] = (rss_mb() - rss_before) * 1e6 / static_cast<double>(stats.series);
    store.reset();

    const auto replay_started = steady_now();
    store = open_store(clock);
    benchmark::DoNotOptimize(store->last_seen(ServerId{1}));  // waits for the replay
    state.counters["replay_s"] = std::chrono::duration<double>(steady_now() - replay_started).count();

    const double seal_before = cpu_seconds();
    (void)store->seal_all();
    state.counters["seal_cpu_us_per_value"] = (cpu_seconds() - seal_before) / values * 1e6;
    for (int i = 0; i < 100; ++i) (void)store->maintain();  // frees pages
    store.reset();
    state.counters["sealed_bytes_per_value"] = static_cast<double>(std::filesystem::file_size(file())) / values;
  }
}
BENCHMARK(BM_Ingest)
    ->Arg(1)
    ->Arg(8)
    ->Arg(64)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void BM_LastOfFourSeriesOfEveryServer(benchmark::State& state) {
  SystemClock clock;
  const auto store = open_store(clock);
  std::vector<SeriesKey> keys;
  for (const char* text : {"cpu,cpu=cpu-total usage_idle", "mem used_percent", "mem used", "mem available"})
    keys.push_back(*SeriesKey::parse(text));
  size_t found = 0;
  for (auto _ : state) {
    for (size_t server = 1; server <= load().servers; ++server) {
      for (const SeriesKey& key : keys) found += store->last(ServerId{static_cast<int64_t>(server)}, key).has_value();
    }
  }
  state.counters["found"] = static_cast<double>(found) / static_cast<double>(state.iterations());
  state.SetItemsProcessed(static_cast<int64_t>(found));
}
BENCHMARK(BM_LastOfFourSeriesOfEveryServer)->Unit(benchmark::kMillisecond);

// A month of one gauge and one counter, 10 s apart: 259,200 samples each, sealed and rolled up.
EmbeddedStore& month_store() {
  class Still final : public Clock {
   public:
    Timestamp now() const override { return Timestamp(std::chrono::seconds(1'795'334'400)); }
    bool sleep_until(Timestamp, std::stop_token stop) override {
      while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      return false;
    }
  };
  static Still clock;
  static const std::unique_ptr<EmbeddedStore> store = [] {
    remove_file();
    auto made = open_store(clock);
    std::mt19937_64 random(7);
    std::normal_distribution<double> noise(0, 2);
    double cpu = 40;
    int64_t bytes = 0;
    for (int64_t second = -30 * 86'400; second < 0;) {
      std::string body;
      for (int i = 0; i < 720; ++i, second += 10) {
        cpu = std::clamp(cpu + noise(random), 0.2, 99.0);
        bytes += static_cast<int64_t>(random() % 200'000);
        fmt::format_to(std::back_inserter(body), "cpu,cpu=cpu-total,host=srv00000 usage_idle={:.4f} {}000000000\n",
                       100 - cpu, 1'795'334'400 + second);
        fmt::format_to(std::back_inserter(body), "net,interface=eth0,host=srv00000 bytes_recv={}i {}000000000\n", bytes,
                       1'795'334'400 + second);
      }
      wire::ParseResult parsed;
      parse(body, parsed);
      (void)made->append_and_wait(parsed.batch).value();
      (void)made->seal_all().value();
    }
    (void)made->maintain().value();
    return made;
  }();
  return *store;
}

void aggregate_month(benchmark::State& state, const char* key_text, Duration range, size_t points, Aggregate how) {
  EmbeddedStore& store = month_store();
  const SeriesKey key = *SeriesKey::parse(key_text);
  const Timestamp end{std::chrono::seconds(1'795'334'400)};
  const Duration step = range / static_cast<int64_t>(points);
  size_t known = 0;
  for (auto _ : state) {
    const auto cells = store.aggregate(ServerId{1}, key, {end - range, step, points}, how);
    for (const double v : *cells) known += v == v;
  }
  state.counters["points"] = static_cast<double>(known) / static_cast<double>(state.iterations());
}

void BM_MonthTo300Points(benchmark::State& state) {
  aggregate_month(state, "cpu,cpu=cpu-total usage_idle", std::chrono::hours(24 * 30), 300, Aggregate::kMean);
}
BENCHMARK(BM_MonthTo300Points)->Unit(benchmark::kMillisecond);

void BM_MonthOfACounterTo300Rates(benchmark::State& state) {
  aggregate_month(state, "net,interface=eth0 bytes_recv", std::chrono::hours(24 * 30), 300, Aggregate::kRate);
}
BENCHMARK(BM_MonthOfACounterTo300Rates)->Unit(benchmark::kMillisecond);

void BM_DayTo288Points(benchmark::State& state) {
  aggregate_month(state, "cpu,cpu=cpu-total usage_idle", std::chrono::hours(24), 288, Aggregate::kMean);
}
BENCHMARK(BM_DayTo288Points)->Unit(benchmark::kMillisecond);

void BM_MonthRaw(benchmark::State& state) {
  EmbeddedStore& store = month_store();
  const SeriesKey key = *SeriesKey::parse("cpu,cpu=cpu-total usage_idle");
  size_t samples = 0;
  for (auto _ : state) samples += store.read(ServerId{1}, key, {Timestamp::min(), Timestamp::max()})->size();
  state.SetItemsProcessed(static_cast<int64_t>(samples));
}
BENCHMARK(BM_MonthRaw)->Unit(benchmark::kMillisecond);

}  // namespace

// Reads or makes the load, outside of every measurement.
void prepare() {
  (void)load();
}

}  // namespace mps::store

int main(int argc, char** argv) {
  mps::store::prepare();  // outside of every measurement
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
