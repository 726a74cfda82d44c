#include "alert/prediction.h"

#include <algorithm>
#include <cmath>

namespace mps::alert {
namespace {

void take_look(const Rule& rule, const Outlook& outlook, PredictionState& state, Timestamp now) {
  if (!objection(rule, outlook, now).empty()) {
    state.agreeing = 0;
    state.expected.reset();
    ++state.calm;
    return;
  }
  const Timestamp expected = *outlook.crossing.expected;
  const Duration tolerance = std::max(kAgreementMin, (expected - now) / 2);
  const bool agrees = state.expected && std::chrono::abs(expected - *state.expected) <= tolerance;
  state.agreeing = agrees ? state.agreeing + 1 : 1;
  state.expected = expected;
  state.calm = 0;
}

}  // namespace

std::string_view objection(const Rule& rule, const Outlook& outlook, Timestamp now) {
  const Crossing& crossing = outlook.crossing;
  if (beyond(rule, outlook.present)) return "it is beyond the threshold already";
  if (!crossing.expected || *crossing.expected - now > rule.within) return "no crossing is expected in that time";
  if (outlook.history < kHistoryMin) return "there are under 3 days of history";
  if (outlook.uptime && *outlook.uptime < kBootCoolDown) return "the server has just started";
  const bool above = rule.direction == Direction::kAbove;
  if (above && outlook.present < kFloor * rule.threshold) return "too little is in use";
  // A method whose usual error is as large as the way that is left says nothing about it.
  if (!(outlook.error < std::abs(rule.threshold - outlook.present))) return "the method is not good enough lately";
  return {};
}

PredictionEvaluation evaluate_prediction(const Rule& rule, const Outlook& outlook, const PredictionState& before,
                                         Timestamp now, Voice voice) {
  PredictionEvaluation result{before, std::nullopt};
  PredictionState& state = result.state;
  take_look(rule, outlook, state, now);
  if (!state.firing) {
    if (state.agreeing < kAgreeing || voice == Voice::kMuted) return result;
    state.firing = true;
    state.came_true = false;
    state.peak = outlook.present;
    state.crossing = outlook.crossing;
    state.notified_at = now;
    result.transition = Transition::kFired;
    return result;
  }
  if (beyond(rule, outlook.present)) state.came_true = true;
  state.peak = worse(rule, state.peak, outlook.present);
  const bool over = state.came_true ? cleared(rule, outlook.present) : state.calm >= kAgreeing;
  if (over) {
    state = {};
    result.transition = Transition::kResolved;
    return result;
  }
  if (state.agreeing > 0) state.crossing = outlook.crossing;
  if (state.notified_at && *state.notified_at > now) state.notified_at = now;
  const bool due = !state.notified_at || now - *state.notified_at >= rule.repeat;
  if (!due || voice == Voice::kMuted) return result;
  state.notified_at = now;
  result.transition = Transition::kRepeated;
  return result;
}

}  // namespace mps::alert
