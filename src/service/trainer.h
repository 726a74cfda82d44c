#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/time_zone.h"
#include "catalog/settings.h"
#include "service/forecasts.h"
#include "service/servers.h"

namespace mps::service {

struct TrainingRound {
  size_t trained = 0;
  size_t too_little_history = 0;
  size_t failed = 0;
};

// Of the round under way, or of the last one.
struct TrainingProgress {
  bool running = false;
  size_t servers = 0, done = 0;
  Duration took{};  // so far
};

// Once a day at a local time retrains the fleet's weights, then from them every server, on up to four cores. A
// round that a stop or a crash interrupted goes on where it was.
class Trainer {
 public:
  Trainer(Forecasts& forecasts, Servers& servers, catalog::Settings& settings, Clock& clock, TimeZone zone,
          std::chrono::minutes train_at);

  using Progress =
      std::function<void(const TrainingProgress& progress, const std::string& server, const Result<void>& outcome)>;
  // All servers now. `progress`, where given, hears of each server when it is done, of one at a time, on any thread.
  TrainingRound train_all(std::stop_token stop, const Progress& progress = {});

  // The loop: sleeps until the next training time, trains, again. A training time missed while the hub was down is made
  // up at start.
  void run(std::stop_token stop);

  uint64_t servers_trained_total() const { return trained_total_; }
  TrainingProgress progress() const;

 private:
  struct Interrupted {
    Timestamp started_at;
    ServerId last{};  // servers up to this id are done, and the fleet's weights before them
  };
  Timestamp next_training();
  std::optional<Interrupted> interrupted();
  void note(const char* setting, const std::string& value);
  void begin(size_t servers, size_t done = 0);
  void train_fleet(const std::vector<Server>& servers, std::stop_token stop);
  TrainingRound train(const std::vector<Server>& servers, std::stop_token stop, const Progress& progress,
                      std::optional<Timestamp> noted_since);
  void count(const Server& server, const Result<void>& outcome, TrainingRound& round);

  Forecasts& forecasts_;
  Servers& servers_;
  catalog::Settings& settings_;
  Clock& clock_;
  TimeZone zone_;
  std::chrono::minutes train_at_;
  std::atomic<uint64_t> trained_total_{0};
  mutable std::mutex mutex_;  // of the round under way, and of whoever hears of it
  TrainingProgress progress_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace mps::service
