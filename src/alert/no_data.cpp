#include "alert/no_data.h"

namespace mps::alert {
namespace {

bool is_back(const SilenceState& state, const Pulse& pulse, Timestamp now) {
  if (!state.returned_at) return false;
  const bool fresh = pulse.last_seen && now - *pulse.last_seen <= kGapMax;
  return fresh || now - *state.returned_at >= kCatchUpMax;
}

void notice(const Rule& rule, const Pulse& pulse, SilenceState& state, Timestamp now) {
  const bool we_were_away = !state.looked_at || now < *state.looked_at || now - *state.looked_at > kRoundGapMax;
  if (pulse.heard || we_were_away || !state.heard_at) state.heard_at = now;
  state.looked_at = now;
  state.flaps.calm_down(now);
  const bool nothing_for_long = now - *state.heard_at >= rule.hold;
  if (!state.silent) {
    if (!nothing_for_long) return;
    state.silent = true;
    state.silent_since = pulse.last_seen.value_or(*state.heard_at);
    state.flaps.note(now);
    return;
  }
  if (pulse.heard && !state.returned_at) state.returned_at = now;
  if (nothing_for_long) state.returned_at.reset();  // it fell silent again while it sent what it had kept
  if (!is_back(state, pulse, now)) return;
  state.silent = false;
  state.returned_at.reset();
  state.flaps.note(now);
}

std::optional<Transition> tell_silence(const Rule& rule, SilenceState& state, Timestamp now) {
  if (state.firing && !state.silent && !state.flaps.flapping()) {
    state.firing = state.flapping = false;
    state.notified_at.reset();
    return Transition::kResolved;
  }
  const bool begins_to_flap = state.flaps.flapping() && !state.flapping;
  if (!state.firing) {
    if (!state.silent) return std::nullopt;
    state.firing = true;
    state.flapping = state.flaps.flapping();
    state.notified_at = now;
    return Transition::kFired;
  }
  state.flapping = state.flaps.flapping();
  if (state.notified_at && *state.notified_at > now) state.notified_at = now;  // the clock was set back
  const bool due = !state.notified_at || now - *state.notified_at >= rule.repeat;
  if (!begins_to_flap && (!due || !state.silent || state.returned_at)) return std::nullopt;
  state.notified_at = now;
  return Transition::kRepeated;
}

}  // namespace

SilenceEvaluation evaluate_no_data(const Rule& rule, const Pulse& pulse, const SilenceState& before, Timestamp now) {
  SilenceEvaluation result{before, std::nullopt};
  notice(rule, pulse, result.state, now);
  result.transition = tell_silence(rule, result.state, now);
  return result;
}

}  // namespace mps::alert
