#pragma once

#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/log.h"
#include "service/hub.h"
#include "testing/fake_clock.h"
#include "testing/temporary_folder.h"
#include "wire/line_protocol.h"

// A made fleet in a hub of its own, for benchmarks.
namespace mps::service {

// A hub in a temporary folder whose servers send seven rules' worth of figures: cpu, ram, two of disk, load, swap, and
// that they send at all.
class Fleet {
 public:
  explicit Fleet(size_t count) {
    [[maybe_unused]] static const bool quiet = (log::start("off"), true);
    hub_ = Hub::open({folder_.path() / "data", "", "", TimeZone(), std::chrono::minutes(210)}, clock_).value();
    const std::string token = hub_->servers().add_fleet_token("fleet").value().token;
    fleet_ = hub_->servers().authenticate(token).value().fleet_token;
    std::vector<std::string> names;
    for (size_t i = 0; i < count; ++i) names.push_back(fmt::format("srv{:05}", i));
    hub_->servers().register_hosts(fleet_, names).value();
    for (const std::string& name : names) ids_.push_back(hub_->servers().find(name).value().id);
  }
  Hub& hub() { return *hub_; }
  testing::FakeClock& clock() { return clock_; }

  // Every server sends once; one of a hundred is busy.
  void send() { send(&Fleet::lines); }
  // Time passes, and every server sends every `step`: all figures, or those of its disk alone.
  void live(Duration length, Duration step, bool disk_alone = false) {
    for (const Timestamp end = clock_.now() + length; clock_.now() < end;) {
      clock_.advance(step);
      send(disk_alone ? &Fleet::disk_line : &Fleet::lines);
    }
  }

 private:
  static constexpr size_t kServersPerBody = 500;

  void send(std::string (Fleet::*lines_of)(size_t)) {
    for (size_t first = 0; first < ids_.size(); first += kServersPerBody) {
      std::string body;
      const size_t end = std::min(ids_.size(), first + kServersPerBody);
      for (size_t i = first; i < end; ++i) body += (this->*lines_of)(i);
      auto parsed = wire::parse_line_protocol(body, wire::Precision::kNanoseconds);
      const size_t lines_per_server = parsed.batch.points.size() / (end - first);
      for (size_t p = 0; p < parsed.batch.points.size(); ++p)
        parsed.batch.points[p].server = ids_[first + p / lines_per_server];
      hub_->store().append_and_wait(parsed.batch).value();
    }
  }
  std::string lines(size_t i) {
    const double noise = std::normal_distribution(0.0, 2.0)(random_);
    const double cpu = i % 100 == 0 ? 97 : 30 + noise;
    const auto stamp = clock_.now().time_since_epoch().count();
    return fmt::format(
        "cpu,cpu=cpu-total usage_idle={0:.3f} {1}\nmem used_percent={2:.3f} {1}\n"
        "disk,path=/ used_percent={3:.3f} {1}\nsystem load1={4:.2f},n_cpus=4i {1}\nswap used_percent={5:.2f} {1}\n",
        100 - cpu, stamp, 50 + noise, 60 + noise / 100, 1 + noise / 10, 5 + noise / 10);
  }
  // One of ten fills up.
  std::string disk_line(size_t i) {
    const double noise = std::normal_distribution(0.0, 0.02)(random_);
    const auto stamp = clock_.now().time_since_epoch();
    const double days = std::chrono::duration<double, std::ratio<86400>>(clock_.now() - begin_).count();
    const double used = i % 10 == 0 ? 55 + days : 60 + 0.5 * noise;
    return fmt::format("disk,path=/ used_percent={:.3f} {}\n", used + noise, stamp.count());
  }

  testing::TemporaryFolder folder_;
  testing::FakeClock clock_;
  const Timestamp begin_ = clock_.now();
  std::unique_ptr<Hub> hub_;
  int64_t fleet_ = 0;
  std::vector<ServerId> ids_;
  std::mt19937 random_{1};
};

// The process's memory, in MB: now, or the most since forget_peak_memory().
inline double memory_mb(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == field + ":" && status >> kilobytes) return kilobytes / 1000;
  }
  return 0;
}
inline void forget_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace mps::service
