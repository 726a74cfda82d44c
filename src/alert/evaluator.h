#pragma once

#include <optional>
#include <span>
#include <string>

#include "metric/sample.h"

namespace mps::alert {

// Broken when the value stays above `above` for `hold`; over when it falls below `clear` (at most `above`: the gap is
// the hysteresis).
struct Rule {
  double above = 90;
  double clear = 90;
  Duration hold = std::chrono::minutes(5);
  Duration repeat = std::chrono::minutes(60);  // between notifications while it lasts
};

// What must be remembered of one rule on one series between evaluations.
struct RuleState {
  bool firing = false;
  std::optional<Timestamp> breached_at;  // the first reading of the present breach
  std::optional<Timestamp> last_reading;
  double last_value = 0;
  double peak = 0;                       // highest since breached_at
  std::optional<Timestamp> notified_at;  // while firing
};

enum class Transition { kFired, kRepeated, kResolved };

struct Evaluation {
  RuleState state;
  std::optional<Transition>
      transition;  // the last one: a breach that fired and ended within one batch of readings says nothing
};

// Readings further apart than this are not a continuous breach: waiting starts again.
inline constexpr Duration kGapMax = std::chrono::minutes(3);

// Pure. `readings`: new ones in order of time; those not newer than state.last_reading are passed over. A firing rule
// stays firing while nothing arrives, and does not repeat then.
Evaluation evaluate(const Rule& rule, std::span<const Reading> readings, const RuleState& state, Timestamp now);

}  // namespace mps::alert
