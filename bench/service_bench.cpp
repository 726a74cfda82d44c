// What asking a hub for forecasts costs inside its process, as the REST API and the bot ask: over hours in which cells
// close, streams are moved on and started anew.
//   service_bench
#include <algorithm>
#include <benchmark/benchmark.h>
#include <vector>

#include "base/log.h"
#include "service/demo_fleet.h"
#include "service/hub.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

// A hub with the made fleet, whose models are trained.
class Fleet {
 public:
  Fleet() {
    log::start("off");
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_).value();
    send();
    for (const Server& server : hub_->servers().list()) {
      if (hub_->forecasts().train(server.id)) ids_.push_back(server.id);
    }
  }
  // What came since the last time; at first, 35 days.
  void send() { fill_demo_fleet(hub_->servers(), hub_->store(), clock_.now(), 1).value(); }
  Hub& hub() { return *hub_; }
  testing::FakeClock& clock() { return clock_; }
  const std::vector<ServerId>& ids() const { return ids_; }

 private:
  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  std::unique_ptr<Hub> hub_;
  std::vector<ServerId> ids_;
};

double microseconds_of(const Forecasts& forecasts, ServerId server, Duration horizon) {
  const auto began = steady_now();
  const auto views = forecasts.forecast(server, horizon);
  const auto took = steady_now() - began;
  if (!views) std::abort();
  return std::chrono::duration<double, std::micro>(took).count();
}

// range(0): hours ahead. Six hours, in which everybody is asked about twenty times in each minute.
void ask(benchmark::State& state) {
  static Fleet fleet;
  const Duration horizon = std::chrono::hours(state.range(0));
  std::vector<double> took;
  for (auto _ : state) {
    for (int minute = 0; minute < 6 * 60; ++minute) {
      fleet.send();
      for (int round = 0; round < 6; ++round) {
        fleet.clock().advance(10s);
        fleet.hub().forecasts().renew(fleet.ids());
      }
      for (int i = 0; i < 20; ++i) {
        for (const ServerId server : fleet.ids())
          took.push_back(microseconds_of(fleet.hub().forecasts(), server, horizon));
      }
    }
  }
  std::ranges::sort(took);
  const auto share = [&](double q) { return took[static_cast<size_t>(q * static_cast<double>(took.size() - 1))]; };
  state.counters["servers"] = static_cast<double>(fleet.ids().size());
  state.counters["asked"] = static_cast<double>(took.size());
  state.counters["p50_us"] = share(0.5), state.counters["p99_us"] = share(0.99), state.counters["max_us"] = took.back();
}
BENCHMARK(ask)->Arg(1)->Arg(24)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace mps::service

BENCHMARK_MAIN();
