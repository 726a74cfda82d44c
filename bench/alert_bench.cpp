// The rules over a fleet of 10,000 servers: what a round costs when every server has sent since the last one, what a
// look at all of their predictions costs, and what previews of rules on a month of samples cost.
//   alert_bench [--benchmark_filter=...]
#include <benchmark/benchmark.h>

#include "bench/fleet.h"
#include "service/rule_preview.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

constexpr size_t kServers = 10'000;

void rounds_over_a_fleet(benchmark::State& state) {
  Fleet fleet(kServers);
  for (int i = 0; i < 40; ++i) {  // beyond the hold times, so that what fires has fired
    fleet.clock().advance(10s);
    fleet.send();
    fleet.hub().alerts().evaluate().value();
  }
  for (auto _ : state) {
    fleet.clock().advance(10s);
    fleet.send();
    const auto begin = steady_now();
    fleet.hub().alerts().evaluate().value();
    state.SetIterationTime(std::chrono::duration<double>(steady_now() - begin).count());
  }
  state.counters["open"] = static_cast<double>(fleet.hub().alerts().open_incidents().size());
}
BENCHMARK(rounds_over_a_fleet)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(30);

void first_round_after_a_start(benchmark::State& state) {
  Fleet fleet(kServers);
  for (int i = 0; i < 40; ++i) {
    fleet.clock().advance(10s);
    fleet.send();
  }
  for (auto _ : state) fleet.hub().alerts().evaluate().value();
}
BENCHMARK(first_round_after_a_start)->Unit(benchmark::kMillisecond)->Iterations(1);

// A quarter of an hour, in which every server is looked at once: 29 days of a disk at 10 minutes each.
void predictions_over_a_fleet(benchmark::State& state) {
  Fleet fleet(kServers);
  fleet.live(29 * 24h, 10min, true);
  const double before = memory_mb("VmRSS");
  forget_peak_memory();
  fleet.hub().predictions().look().value();
  for (auto _ : state) {
    double seconds = 0;
    for (int minute = 0; minute < 15; ++minute) {
      fleet.clock().advance(1min);
      if (minute % 5 == 0) fleet.live(1ns, 1ns, true);
      const auto begin = steady_now();
      fleet.hub().predictions().look().value();
      seconds += std::chrono::duration<double>(steady_now() - begin).count();
    }
    state.SetIterationTime(seconds);
  }
  state.counters["open"] = static_cast<double>(fleet.hub().alerts().open_incidents().size());
  state.counters["MB_before"] = before;
  state.counters["MB_most"] = memory_mb("VmHWM");
}
BENCHMARK(predictions_over_a_fleet)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(4);

// 59 days of one server at 10 s: a rhythm of the day, a disk that fills up at the end.
class Month : public Fleet {
 public:
  Month() : Fleet(1), server(hub().servers().list().front()) {
    std::mt19937 random(1);
    std::string body;
    const Timestamp begin = clock().now() - 59 * 24h, end = clock().now();
    for (Timestamp t = begin; t < end; t += 10s) {
      const double busy = t.time_since_epoch() % 24h < 30min ? 60 : 0;
      const double days = std::chrono::duration<double, std::ratio<86400>>(t - begin).count();
      body += fmt::format("cpu,cpu=cpu-total usage_idle={:.3f} {}\ndisk,path=/ used_percent={:.3f} {}\n",
                          65 - busy + std::normal_distribution(0.0, 2.0)(random), t.time_since_epoch().count(),
                          60 + std::max(0.0, days - 47) * 3, t.time_since_epoch().count());
      if (body.size() < 4'000'000 && t + 10s < end) continue;
      auto parsed = wire::parse_line_protocol(body, wire::Precision::kNanoseconds);
      for (Point& point : parsed.batch.points) point.server = server.id;
      hub().store().append_and_wait(parsed.batch).value();
      body.clear();
    }
  }
  const Server server;
};

void preview(benchmark::State& state, Month& month, const char* resource, const alert::Rule& rule) {
  size_t incidents = 0;
  for (auto _ : state) {
    incidents = preview_rule(month.hub().query(), month.hub().forecasts(), month.server,
                             {{}, find_resource(resource), "", rule}, month.clock().now())
                    .value()
                    .incidents.size();
  }
  state.counters["incidents"] = static_cast<double>(incidents);
}

void preview_of_a_threshold(benchmark::State& state) {
  Month month;
  preview(state, month, "cpu", {80, 70, 5min, 60min});
}
void preview_of_a_disk(benchmark::State& state) {
  Month month;
  preview(state, month, "disk", {.threshold = 95, .clear = 95, .kind = alert::Kind::kPrediction, .within = 24h});
}
void preview_of_a_prediction(benchmark::State& state) {
  Month month;
  if (state.range(1) != 0) month.hub().forecasts().train(month.server.id).value();
  preview(
      state, month, "cpu",
      {.threshold = 80, .clear = 70, .kind = alert::Kind::kPrediction, .within = std::chrono::hours(state.range(0))});
}
void preview_of_an_anomaly(benchmark::State& state) {
  Month month;
  if (state.range(0) != 0) month.hub().forecasts().train(month.server.id).value();
  preview(state, month, "cpu", {.hold = 20min, .kind = alert::Kind::kAnomaly});
}
BENCHMARK(preview_of_a_threshold)->Unit(benchmark::kMillisecond);
BENCHMARK(preview_of_a_disk)->Unit(benchmark::kMillisecond);
BENCHMARK(preview_of_a_prediction)->Unit(benchmark::kMillisecond)->ArgsProduct({{1, 24}, {0, 1}});
BENCHMARK(preview_of_an_anomaly)->Unit(benchmark::kMillisecond)->Arg(0)->Arg(1);

}  // namespace
}  // namespace mps::service

BENCHMARK_MAIN();
