#include "alert/evaluator.h"

#include <algorithm>

namespace mps::alert {
namespace {

constexpr Duration kLateMax = std::chrono::minutes(15);
constexpr Duration kStepMax = std::chrono::hours(2);  // a longer pause is never usual

void set_broken(RuleState& state, bool broken, Timestamp time) {
  state.broken = broken;
  state.changed_at = time;
  state.flaps.note(time);
}

void start_breach(RuleState& state, const Reading& reading) {
  state.breached_at = reading.time;
  state.peak = reading.value;
}

Duration gap_max(const RuleState& state) {
  return std::max(kGapMax, std::min(2 * state.step, kStepMax));
}

void take_reading(const Rule& rule, const Reading& reading, RuleState& state) {
  bool after_gap = false;
  if (state.last_reading) {
    const Duration step = reading.time - *state.last_reading;
    after_gap = step > gap_max(state);
    state.step = step;
  }
  state.last_reading = reading.time;
  state.last_value = reading.value;
  state.flaps.calm_down(reading.time);
  if (state.broken) {
    state.peak = worse(rule, state.peak, reading.value);
    if (!cleared(rule, reading.value)) return;
    set_broken(state, false, reading.time);
    state.breached_at.reset();
    return;
  }
  if (!beyond(rule, reading.value)) {
    state.breached_at.reset();
    return;
  }
  if (!state.breached_at || after_gap) start_breach(state, reading);
  state.peak = worse(rule, state.peak, reading.value);
  if (reading.time - *state.breached_at >= rule.hold) set_broken(state, true, reading.time);
}

// From the condition to what people hear.
std::optional<Transition> tell(const Rule& rule, RuleState& state, Timestamp now, Voice voice) {
  const bool holds = state.broken || state.flaps.flapping();
  if (state.firing && !holds) {
    state.firing = state.flapping = false;
    state.notified_at.reset();
    return Transition::kResolved;
  }
  const bool fresh = state.last_reading && now - *state.last_reading <= gap_max(state);
  if (!fresh || voice == Voice::kMuted) return std::nullopt;
  const bool begins_to_flap = state.flaps.flapping() && !state.flapping;
  if (!state.firing) {
    if (!state.broken) return std::nullopt;
    state.firing = true;
    state.flapping = state.flaps.flapping();
    state.notified_at = now;
    return Transition::kFired;
  }
  state.flapping = state.flaps.flapping();
  // A clock that was set back must not silence it until then.
  if (state.notified_at && *state.notified_at > now) state.notified_at = now;
  if (!begins_to_flap && state.notified_at && now - *state.notified_at < rule.repeat) return std::nullopt;
  state.notified_at = now;
  return Transition::kRepeated;
}

RuleState rewound(const RuleState& state, Timestamp to) {
  RuleState before = state;
  const bool changed = before.flaps.rewind(to) % 2 != 0;
  before.broken = state.broken != changed;
  // A breach that began before `to` was under way then; of one that began later nothing was known.
  if (state.breached_at && *state.breached_at > to) before.breached_at.reset();
  if (before.broken && !before.breached_at) before.breached_at = to;
  before.last_reading.reset();
  return before;
}

}  // namespace

Evaluation evaluate(const Rule& rule, std::span<const Reading> readings, const RuleState& before, Timestamp now,
                    Voice voice) {
  Evaluation result{before, std::nullopt};
  for (const Reading& reading : readings) {
    if (!result.state.last_reading || reading.time > *result.state.last_reading)
      take_reading(rule, reading, result.state);
  }
  result.transition = tell(rule, result.state, now, voice);
  return result;
}

Evaluation evaluate_again(const Rule& rule, Timestamp from, std::span<const Reading> readings, const RuleState& state,
                          Timestamp now, Voice voice) {
  if (readings.empty()) return evaluate(rule, readings, state, now, voice);
  return evaluate(rule, readings, rewound(state, from), now, voice);
}

Duration window_of(const Rule& rule) {
  return rule.hold + kLateMax + 2 * kGapMax;
}

}  // namespace mps::alert
