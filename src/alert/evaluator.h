#pragma once

#include <optional>
#include <span>

#include "alert/flaps.h"
#include "alert/rule.h"
#include "metric/sample.h"

namespace mps::alert {

// What must be remembered of one rule on one series between evaluations.
struct RuleState {
  // The condition, as a function of the readings alone.
  bool broken = false;                   // beyond the threshold for `hold`, and not yet back at `clear`
  std::optional<Timestamp> breached_at;  // the first reading of the present breach
  std::optional<Timestamp> last_reading;
  Duration step{};  // between the last two readings
  double last_value = 0;
  double peak = 0;       // the worst since breached_at
  Flaps flaps;           // where `broken` changed
  Timestamp changed_at;  // where it changed last

  // The incident, as people were told.
  bool firing = false;
  bool flapping = false;                 // they were told that it flaps
  std::optional<Timestamp> notified_at;  // while firing
};

enum class Transition { kFired, kRepeated, kResolved };

struct Evaluation {
  RuleState state;
  std::optional<Transition>
      transition;  // the last one: a breach that fired and ended within one batch of readings says nothing
};

// Readings further apart than this are not a continuous breach: waiting starts again. Nothing fires or repeats on
// readings older than this: what is over is no alarm. For a server that sends more rarely it is twice its usual pause.
inline constexpr Duration kGapMax = std::chrono::minutes(3);

// While `kMuted` nothing fires or repeats, since people hear of something greater; what is over ends all the same.
enum class Voice { kOpen, kMuted };

// Pure. `readings`: new ones in order of time; those not newer than state.last_reading are passed over. A firing rule
// stays firing while nothing arrives, and does not repeat then. When it begins to flap, it repeats at once; while it
// flaps it stays firing.
Evaluation evaluate(const Rule& rule, std::span<const Reading> readings, const RuleState& state, Timestamp now,
                    Voice voice = Voice::kOpen);

// The same where late readings have come: `readings` are all there are from `from` on. The condition becomes what it
// would be had they come in order, as long as the late ones are younger than window_of(rule).
Evaluation evaluate_again(const Rule& rule, Timestamp from, std::span<const Reading> readings, const RuleState& state,
                          Timestamp now, Voice voice = Voice::kOpen);

// How far back readings tell the condition, whatever was before.
Duration window_of(const Rule& rule);

}  // namespace mps::alert
