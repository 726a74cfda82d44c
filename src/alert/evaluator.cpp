#include "alert/evaluator.h"

#include <algorithm>

namespace mps::alert {
namespace {

void start_breach(RuleState& state, const Reading& reading) {
  state.breached_at = reading.time;
  state.peak = reading.value;
}

void take_reading(const Rule& rule, const Reading& reading, RuleState& state) {
  const bool after_gap = state.last_reading && reading.time - *state.last_reading > kGapMax;
  state.last_reading = reading.time;
  state.last_value = reading.value;
  if (state.firing) {
    state.peak = std::max(state.peak, reading.value);
    if (reading.value < std::min(rule.clear, rule.above) || (reading.value <= rule.above && rule.clear >= rule.above)) {
      state.firing = false;
      state.breached_at.reset();
    }
    return;
  }
  if (reading.value <= rule.above) {
    state.breached_at.reset();
    return;
  }
  if (!state.breached_at || after_gap) start_breach(state, reading);
  state.peak = std::max(state.peak, reading.value);
  if (reading.time - *state.breached_at >= rule.hold) state.firing = true;
}

}  // namespace

Evaluation evaluate(const Rule& rule, std::span<const Reading> readings, const RuleState& before, Timestamp now) {
  Evaluation result{before, std::nullopt};
  RuleState& state = result.state;
  for (const Reading& reading : readings) {
    if (!state.last_reading || reading.time > *state.last_reading) take_reading(rule, reading, state);
  }
  if (state.firing && !before.firing) {
    result.transition = Transition::kFired;
  } else if (!state.firing && before.firing) {
    result.transition = Transition::kResolved;
    state.notified_at.reset();
  } else if (state.firing) {
    const bool fresh = state.last_reading && now - *state.last_reading <= kGapMax;
    if (fresh && state.notified_at && now - *state.notified_at >= rule.repeat)
      result.transition = Transition::kRepeated;
  }
  if (result.transition == Transition::kFired || result.transition == Transition::kRepeated) state.notified_at = now;
  return result;
}

}  // namespace mps::alert
