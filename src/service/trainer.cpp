#include "service/trainer.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/text.h"

namespace mps::service {
namespace {

constexpr const char* kTrainedAt = "trained_at";
constexpr const char* kRound = "training_round";           // "STARTED_AT LAST_SERVER" of a round that is not over
constexpr Duration kForgetRound = std::chrono::hours(20);  // then the next one has more to tell
constexpr unsigned kThreadsMax = 4;                        // each holds a history and the buffers of a training

}  // namespace

Trainer::Trainer(Forecasts& forecasts, Servers& servers, catalog::Settings& settings, Clock& clock, TimeZone zone,
                 std::chrono::minutes train_at)
    : forecasts_(forecasts),
      servers_(servers),
      settings_(settings),
      clock_(clock),
      zone_(std::move(zone)),
      train_at_(train_at) {}

void Trainer::begin(size_t servers, size_t done) {
  const std::lock_guard lock(mutex_);
  progress_ = {true, servers, done, {}};
  started_ = steady_now();
}

void Trainer::train_fleet(const std::vector<Server>& servers, std::stop_token stop) {
  std::vector<ServerId> all;
  for (const Server& server : servers) all.push_back(server.id);
  if (const auto fleet = forecasts_.train_fleet(all, stop); !fleet && fleet.error().code != ErrorCode::kNotEnoughData)
    log::warn("training of the fleet's model failed: {}", fleet.error().message);
}

TrainingRound Trainer::train_all(std::stop_token stop, const Progress& progress) {
  const auto servers = servers_.list();
  begin(servers.size());
  train_fleet(servers, stop);
  return train(servers, stop, progress, std::nullopt);
}

// noted_since: notes after each server how far the round that began then has come.
TrainingRound Trainer::train(const std::vector<Server>& servers, std::stop_token stop, const Progress& progress,
                             std::optional<Timestamp> noted_since) {
  TrainingRound round;
  std::vector<bool> done(servers.size());
  size_t all_done_before = 0;
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < servers.size() && !stop.stop_requested(); i = next++) {
      const Result<void> outcome = forecasts_.train(servers[i].id, stop);
      if (stop.stop_requested()) return;
      const std::lock_guard lock(mutex_);
      count(servers[i], outcome, round);
      ++progress_.done;
      done[i] = true;
      while (all_done_before < done.size() && done[all_done_before]) ++all_done_before;
      if (noted_since && all_done_before > 0) {
        note(kRound,
             fmt::format("{} {}", format_rfc3339(*noted_since), static_cast<int64_t>(servers[all_done_before - 1].id)));
      }
      if (progress) progress(progress_, servers[i].name, outcome);
    }
  };
  {
    std::vector<std::jthread> others(std::clamp(std::thread::hardware_concurrency(), 1u, kThreadsMax) - 1);
    for (auto& thread : others) thread = std::jthread(work);
    work();
  }
  const std::lock_guard lock(mutex_);
  progress_.running = false;
  progress_.took = steady_now() - started_;
  return round;
}

TrainingProgress Trainer::progress() const {
  const std::lock_guard lock(mutex_);
  TrainingProgress progress = progress_;
  if (progress.running) progress.took = steady_now() - started_;
  return progress;
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

void Trainer::note(const char* setting, const std::string& value) {
  if (const auto kept = settings_.set(setting, value); !kept) log::error("{}", kept.error().message);
}

std::optional<Trainer::Interrupted> Trainer::interrupted() {
  const auto kept = settings_.get(kRound);
  if (!kept || !*kept) return std::nullopt;
  const size_t space = (*kept)->find(' ');
  const auto started = parse_time((*kept)->substr(0, space));
  if (space == std::string::npos || !started || clock_.now() - *started > kForgetRound) return std::nullopt;
  return Interrupted{*started, ServerId(std::strtoll((*kept)->c_str() + space, nullptr, 10))};
}

Timestamp Trainer::next_training() {
  if (interrupted()) return clock_.now();
  if (const auto kept = settings_.get(kTrainedAt); kept && *kept) {
    if (const auto last = parse_time(**kept)) return zone_.next_time_of_day(*last + std::chrono::seconds(1), train_at_);
  }
  note(kTrainedAt, format_rfc3339(clock_.now()));  // the first start: nothing has been missed
  return zone_.next_time_of_day(clock_.now(), train_at_);
}

void Trainer::run(std::stop_token stop) {
  while (clock_.sleep_until(next_training(), stop)) {
    auto servers = servers_.list();
    std::ranges::sort(servers, {}, &Server::id);
    const auto before = interrupted();
    const auto total = servers.size();
    if (before) std::erase_if(servers, [&](const Server& server) { return server.id <= before->last; });
    begin(total, total - servers.size());
    if (before) {
      log::info("the daily training was interrupted; it goes on with {} servers", servers.size());
    } else {
      train_fleet(servers, stop);
    }
    const TrainingRound round = train(servers, stop, {}, before ? before->started_at : clock_.now());
    if (stop.stop_requested()) return;
    log::info("daily training: {} trained, {} with too little history, {} failed, in {}", round.trained,
              round.too_little_history, round.failed, format_duration(progress().took));
    if (const auto over = settings_.remove(kRound); !over) log::error("{}", over.error().message);
    if (const auto kept = settings_.set(kTrainedAt, format_rfc3339(clock_.now())); !kept) {
      log::error("{}", kept.error().message);
      return;  // without a note of it, it would train for ever
    }
  }
}

}  // namespace mps::service
