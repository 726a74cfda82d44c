// The rules over a fleet of 10,000 servers: what a round costs when every server has sent since the last one, and what
// the preview of a rule on a month of samples costs.
//   alert_bench [--benchmark_filter=...]
#include <benchmark/benchmark.h>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <random>

#include "base/log.h"
#include "service/hub.h"
#include "service/rule_preview.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

constexpr size_t kServers = 10'000;
constexpr size_t kServersPerBody = 500;

// A hub in a temporary folder whose servers send seven rules' worth of figures: cpu, ram, two of disk, load, swap, and
// that they send at all.
class Fleet {
 public:
  explicit Fleet(size_t count) {
    [[maybe_unused]] static const bool quiet = (log::start("off"), true);
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), 210min}, clock_).value();
    const std::string token = hub_->servers().add_fleet_token("fleet").value();
    fleet_ = hub_->servers().authenticate(token).value().fleet_token;
    std::vector<std::string> names;
    for (size_t i = 0; i < count; ++i) names.push_back(name(i));
    hub_->servers().register_hosts(fleet_, names).value();
    for (const std::string& host : names) ids_.push_back(hub_->servers().find(host).value().id);
  }
  Hub& hub() { return *hub_; }
  testing::FakeClock& clock() { return clock_; }

  // Every server sends once; one of a hundred is busy.
  void send() {
    for (size_t first = 0; first < ids_.size(); first += kServersPerBody) {
      std::string body;
      const size_t end = std::min(ids_.size(), first + kServersPerBody);
      for (size_t i = first; i < end; ++i) body += lines(i);
      auto parsed = wire::parse_line_protocol(body, wire::Precision::kNanoseconds);
      const size_t lines_per_server = parsed.batch.points.size() / (end - first);
      for (size_t p = 0; p < parsed.batch.points.size(); ++p)
        parsed.batch.points[p].server = ids_[first + p / lines_per_server];
      hub_->store().append_and_wait(parsed.batch).value();
    }
  }

 private:
  static std::string name(size_t i) { return fmt::format("srv{:05}", i); }
  std::string lines(size_t i) {
    const double noise = std::normal_distribution(0.0, 2.0)(random_);
    const double cpu = i % 100 == 0 ? 97 : 30 + noise;
    const auto stamp = clock_.now().time_since_epoch().count();
    return fmt::format(
        "cpu,cpu=cpu-total usage_idle={0:.3f} {1}\nmem used_percent={2:.3f} {1}\n"
        "disk,path=/ used_percent={3:.3f} {1}\nsystem load1={4:.2f},n_cpus=4i {1}\nswap used_percent={5:.2f} {1}\n",
        100 - cpu, stamp, 50 + noise, 60 + noise / 100, 1 + noise / 10, 5 + noise / 10);
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  std::unique_ptr<Hub> hub_;
  int64_t fleet_ = 0;
  std::vector<ServerId> ids_;
  std::mt19937 random_{1};
};

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

void preview_of_a_month(benchmark::State& state) {
  Fleet fleet(1);
  const Timestamp end = fleet.clock().now();
  std::mt19937 random(1);
  const ServerId server = fleet.hub().servers().list().front().id;
  std::string body;
  for (Timestamp t = end - 30 * 24h; t < end; t += 10s) {
    const double busy = t.time_since_epoch() % 24h < 30min ? 60 : 0;
    body += fmt::format("cpu,cpu=cpu-total usage_idle={:.3f} {}\n",
                        65 - busy + std::normal_distribution(0.0, 2.0)(random), t.time_since_epoch().count());
    if (body.size() < 4'000'000 && t + 10s < end) continue;
    auto parsed = wire::parse_line_protocol(body, wire::Precision::kNanoseconds);
    for (Point& point : parsed.batch.points) point.server = server;
    fleet.hub().store().append_and_wait(parsed.batch).value();
    body.clear();
  }
  const RuleSpec rule{{}, find_resource("cpu"), "", {80, 70, 5min, 60min}};
  size_t incidents = 0;
  for (auto _ : state) {
    const auto preview = preview_rule(fleet.hub().query(), fleet.hub().servers().list().front(), rule, end).value();
    incidents = preview.incidents.size();
  }
  state.counters["incidents"] = static_cast<double>(incidents);
}
BENCHMARK(preview_of_a_month)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mps::service

BENCHMARK_MAIN();
