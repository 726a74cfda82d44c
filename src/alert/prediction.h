#pragma once

#include <optional>
#include <string_view>

#include "alert/evaluator.h"

namespace mps::alert {

// When a value is expected to cross a rule's threshold. `earliest` belongs to the edge of the 80 % band that is nearer
// to the threshold, `latest` to the other; what lies beyond the horizon of the forecast is empty.
struct Crossing {
  std::optional<Timestamp> earliest, expected, latest;
};

// What one look into the future sees.
struct Outlook {
  Crossing crossing;
  double present = 0;              // the newest reading
  Duration history{};              // that the forecast was made from
  std::optional<Duration> uptime;  // of the server, where it is known
  double error = 0;                // of the method, lately: its mean absolute error, in the unit of the value
};

inline constexpr size_t kAgreeing = 3;                               // looks in a row that must say the same
inline constexpr Duration kHistoryMin = std::chrono::days(3);        // with less nothing is predicted
inline constexpr Duration kBootCoolDown = std::chrono::minutes(30);  // what a start does to a server is no trend
inline constexpr double kFloor = 0.5;  // of the threshold: with less in use nothing is predicted
inline constexpr Duration kAgreementMin = std::chrono::hours(2);  // how far the times of agreeing looks may differ

struct PredictionState {
  size_t agreeing = 0;  // looks in a row that say that it will cross
  size_t calm = 0;      // looks in a row that say that it will not
  std::optional<Timestamp> expected;
  Crossing crossing;  // as people were told
  bool firing = false;
  bool came_true = false;                // the value has crossed meanwhile
  double peak = 0;                       // the worst reading, while firing
  std::optional<Timestamp> notified_at;  // while firing
};

struct PredictionEvaluation {
  PredictionState state;
  std::optional<Transition> transition;
};

// Why a look does not count as a prediction; empty where it does. For people who ask.
std::string_view objection(const Rule& rule, const Outlook& outlook, Timestamp now);

// Pure. Fires when kAgreeing looks in a row expect the value to cross the threshold within rule.within. Stays firing
// when that has become true, until the value is back at `clear`; ends before when as many looks no longer expect it.
// Repeats as a rule does.
PredictionEvaluation evaluate_prediction(const Rule& rule, const Outlook& outlook, const PredictionState& state,
                                         Timestamp now, Voice voice = Voice::kOpen);

}  // namespace mps::alert
