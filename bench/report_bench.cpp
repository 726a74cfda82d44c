// The daily reports, from stored samples to bytes of a PDF: of one server, and of a fleet.
//   report_bench [--benchmark_filter=...]
#include <benchmark/benchmark.h>

#include "bench/fleet.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

// Servers with 29 days of six series at 5 minutes.
Fleet& fleet_of(size_t servers) {
  static std::map<size_t, std::unique_ptr<Fleet>> fleets;
  auto& fleet = fleets[servers];
  if (!fleet) {
    fleet = std::make_unique<Fleet>(servers);
    fleet->live(29 * 24h, 5min);
  }
  return *fleet;
}

void report_of_a_server(benchmark::State& state) {
  Fleet& fleet = fleet_of(1);
  const Server server = fleet.hub().servers().list().front();
  size_t bytes = 0;
  for (auto _ : state) bytes = fleet.hub().reports().of_server(server, {}).value().pdf.size();
  state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(report_of_a_server)->Unit(benchmark::kMillisecond);

void report_of_a_thousand_servers(benchmark::State& state) {
  Fleet& fleet = fleet_of(1000);
  const double before = memory_mb("VmRSS");
  forget_peak_memory();
  size_t bytes = 0;
  for (auto _ : state) bytes = fleet.hub().reports().of_fleet({}).value().pdf.size();
  state.counters["bytes"] = static_cast<double>(bytes);
  state.counters["MB_before"] = before;
  state.counters["MB_most"] = memory_mb("VmHWM");
}
BENCHMARK(report_of_a_thousand_servers)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace mps::service

BENCHMARK_MAIN();
