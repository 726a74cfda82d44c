#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace mps::alert {

enum class Kind {
  kThreshold,   // the value stays beyond the threshold
  kNoData,      // the server stays silent
  kPrediction,  // the 80 % band of the forecast crosses the threshold
  kAnomaly,     // the value stays outside the 99 % band of the forecast
};
enum class Direction { kAbove, kBelow };
enum class Severity { kWarning, kCritical };

// When an incident begins, when it is over, and how often people hear of it meanwhile.
struct Rule {
  double threshold = 90;
  double clear = 90;  // on the good side of the threshold, or the same; the gap between them is the hysteresis
  Duration hold = std::chrono::minutes(5);     // "for": how long it must stay beyond the threshold
  Duration repeat = std::chrono::minutes(60);  // between notifications while it lasts
  Direction direction = Direction::kAbove;
  Severity severity = Severity::kWarning;
  Kind kind = Kind::kThreshold;
  Duration within{};  // of predictions: how far ahead the crossing may lie

  friend bool operator==(const Rule&, const Rule&) = default;
};

// Is the value on the bad side of the threshold? Exactly the threshold is not.
inline bool beyond(const Rule& rule, double value) {
  return rule.direction == Direction::kAbove ? value > rule.threshold : value < rule.threshold;
}
// Has the value come back so far that an incident is over?
inline bool cleared(const Rule& rule, double value) {
  if (beyond(rule, value)) return false;
  if (rule.clear == rule.threshold) return true;
  return rule.direction == Direction::kAbove ? value < rule.clear : value > rule.clear;
}
// The one of the two that is further on the bad side.
inline double worse(const Rule& rule, double a, double b) {
  return (rule.direction == Direction::kAbove) == (a > b) ? a : b;
}

// "threshold", "no_data", "prediction", "anomaly"; "above", "below"; "warning", "critical": in files, API and commands.
std::string_view name_of(Kind kind);
std::string_view name_of(Direction direction);
std::string_view name_of(Severity severity);
std::optional<Kind> find_kind(std::string_view name);
std::optional<Direction> find_direction(std::string_view name);
std::optional<Severity> find_severity(std::string_view name);

}  // namespace mps::alert
