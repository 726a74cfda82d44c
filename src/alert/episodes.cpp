#include "alert/episodes.h"

#include <algorithm>
#include <cmath>

namespace mps::alert {
namespace {

constexpr int kSearchSteps = 12;

Rule moved_to(Rule rule, double threshold) {
  rule.clear += threshold - rule.threshold;
  rule.threshold = threshold;
  return rule;
}

// Two digits, away from alarms.
double rounded(const Rule& rule, double value) {
  if (value == 0) return 0;
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 1);
  return unit * (rule.direction == Direction::kAbove ? std::ceil(value / unit) : std::floor(value / unit));
}

}  // namespace

std::vector<Episode> episodes(const Rule& rule, std::span<const Reading> readings) {
  std::vector<Episode> found;
  RuleState state;
  for (const Reading& reading : readings) {
    const bool was_firing = state.firing;
    state = evaluate(rule, {&reading, 1}, state, reading.time).state;
    if (state.firing && !was_firing) {
      found.push_back({state.breached_at.value_or(reading.time), reading.time, std::nullopt, state.peak});
    } else if (was_firing) {
      Episode& present = found.back();
      if (state.broken) present.peak = worse(rule, present.peak, state.peak);
      if (!state.firing) present.ended_at = reading.time;
    }
  }
  return found;
}

std::optional<double> suggested_threshold(const Rule& rule, std::span<const Reading> readings, size_t episodes_max) {
  if (readings.empty()) return std::nullopt;
  double quiet = readings.front().value, loud = quiet;
  for (const Reading& reading : readings) {
    quiet = worse(rule, quiet, reading.value);
    loud = worse(rule, loud, reading.value) == loud ? reading.value : loud;
  }
  if (quiet == loud) return std::nullopt;
  const auto is_quiet = [&](double threshold) {
    return episodes(moved_to(rule, threshold), readings).size() <= episodes_max;
  };
  for (int step = 0; step < kSearchSteps; ++step) {
    const double middle = (loud + quiet) / 2;
    (is_quiet(middle) ? quiet : loud) = middle;
  }
  const double round = rounded(rule, quiet);
  return is_quiet(round) ? round : quiet;
}

std::vector<PredictedEpisode> predicted_episodes(const Rule& rule, std::span<const Look> looks) {
  std::vector<PredictedEpisode> found;
  PredictionState state;
  for (const Look& look : looks) {
    const auto result = evaluate_prediction(rule, look.outlook, state, look.time);
    state = result.state;
    if (result.transition == Transition::kFired)
      found.push_back({{look.time, look.time, std::nullopt, look.outlook.present}, state.crossing});
    if (found.empty() || found.back().episode.ended_at) continue;
    Episode& present = found.back().episode;
    present.peak = worse(rule, present.peak, look.outlook.present);
    if (result.transition == Transition::kResolved) present.ended_at = look.time;
  }
  return found;
}

std::vector<Episode> silences(const Rule& rule, std::span<const Reading> readings, Timestamp now) {
  std::vector<Episode> found;
  for (size_t i = 0; i < readings.size(); ++i) {
    const bool newest = i + 1 == readings.size();
    const Timestamp next = newest ? now : readings[i + 1].time;
    if (next - readings[i].time < rule.hold) continue;
    found.push_back({readings[i].time, readings[i].time + rule.hold, newest ? std::nullopt : std::optional(next), 0});
  }
  return found;
}

}  // namespace mps::alert
