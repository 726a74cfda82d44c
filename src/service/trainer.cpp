#include "service/trainer.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/text.h"

namespace mps::service {
namespace {

constexpr const char* kTrainedAt = "trained_at";
constexpr unsigned kThreadsMax = 4;  // each holds a history and the buffers of a training

}  // namespace

Trainer::Trainer(Forecasts& forecasts, Servers& servers, catalog::Settings& settings, Clock& clock, TimeZone zone,
                 std::chrono::minutes train_at)
    : forecasts_(forecasts),
      servers_(servers),
      settings_(settings),
      clock_(clock),
      zone_(std::move(zone)),
      train_at_(train_at) {}

void Trainer::train_fleet(const std::vector<Server>& servers, std::stop_token stop) {
  std::vector<ServerId> all;
  for (const Server& server : servers) all.push_back(server.id);
  if (const auto fleet = forecasts_.train_fleet(all, stop); !fleet && fleet.error().code != ErrorCode::kNotEnoughData)
    log::warn("training of the fleet's model failed: {}", fleet.error().message);
}

TrainingRound Trainer::train_all(std::stop_token stop, const Progress& progress) {
  const auto servers = servers_.list();
  train_fleet(servers, stop);
  TrainingRound round;
  std::mutex mutex;  // of the round and of whoever hears of it
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < servers.size() && !stop.stop_requested(); i = next++) {
      const Result<void> outcome = forecasts_.train(servers[i].id, stop);
      const std::lock_guard lock(mutex);
      count(servers[i], outcome, round);
      if (progress) progress(servers[i].name, outcome);
    }
  };
  {
    std::vector<std::jthread> others(std::clamp(std::thread::hardware_concurrency(), 1u, kThreadsMax) - 1);
    for (auto& thread : others) thread = std::jthread(work);
    work();
  }
  return round;
}

void Trainer::count(const Server& server, const Result<void>& outcome, TrainingRound& round) {
  if (outcome) {
    ++round.trained;
    ++trained_total_;
  } else if (outcome.error().code == ErrorCode::kNotEnoughData) {
    ++round.too_little_history;
  } else {
    ++round.failed;
    log::warn("training of {} failed: {}", server.name, outcome.error().message);
  }
}

Timestamp Trainer::next_training() {
  if (const auto kept = settings_.get(kTrainedAt); kept && *kept) {
    if (const auto last = parse_time(**kept)) return zone_.next_time_of_day(*last + std::chrono::seconds(1), train_at_);
  }
  // The first start: nothing has been missed.
  if (const auto kept = settings_.set(kTrainedAt, format_rfc3339(clock_.now())); !kept)
    log::error("{}", kept.error().message);
  return zone_.next_time_of_day(clock_.now(), train_at_);
}

void Trainer::run(std::stop_token stop) {
  while (clock_.sleep_until(next_training(), stop)) {
    const auto start = steady_now();
    const TrainingRound round = train_all(stop);
    if (stop.stop_requested()) return;
    log::info("daily training: {} trained, {} with too little history, {} failed, in {}", round.trained,
              round.too_little_history, round.failed, format_duration(steady_now() - start));
    if (const auto kept = settings_.set(kTrainedAt, format_rfc3339(clock_.now())); !kept) {
      log::error("{}", kept.error().message);
      return;  // without a note of it, it would train for ever
    }
  }
}

}  // namespace mps::service
