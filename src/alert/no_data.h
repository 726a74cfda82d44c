#pragma once

#include <optional>

#include "alert/evaluator.h"

namespace mps::alert {

// What one round saw of a server.
struct Pulse {
  bool heard = false;                  // something arrived since the round before
  std::optional<Timestamp> last_seen;  // the stamp of its newest sample
};

// What must be remembered of a server's silence between rounds.
struct SilenceState {
  std::optional<Timestamp> heard_at;   // when something arrived, by our clock; at first, when we began to listen
  std::optional<Timestamp> looked_at;  // the round before
  // The condition.
  bool silent = false;
  std::optional<Timestamp> silent_since;  // of the present or the last silence: the stamp of the last sample before
  std::optional<Timestamp> returned_at;   // while silent: when it was heard again
  Flaps flaps;                            // where `silent` changed
  // The incident, as people were told.
  bool firing = false;
  bool flapping = false;                 // they were told that the server comes and goes
  std::optional<Timestamp> notified_at;  // while firing
};

struct SilenceEvaluation {
  SilenceState state;
  std::optional<Transition> transition;
};

// Rounds further apart than this mean that we were away (stopped, suspended, or the clock jumped), not the servers:
// they get the whole `hold` again.
inline constexpr Duration kRoundGapMax = std::chrono::minutes(1);
// A server that sends again is back when its newest sample is younger than kGapMax: until then it sends what it had
// kept. One whose clock is late never gets there; after so long it is taken as back.
inline constexpr Duration kCatchUpMax = std::chrono::minutes(10);

// Pure. Silence is what our clock says between arrivals, whatever the stamps: a server's own clock may be wrong. The
// state of a server that was never heard of must not be asked.
SilenceEvaluation evaluate_no_data(const Rule& rule, const Pulse& pulse, const SilenceState& state, Timestamp now);

}  // namespace mps::alert
