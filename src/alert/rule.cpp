#include "alert/rule.h"

#include <array>
#include <utility>

namespace mps::alert {
namespace {

template <class Enum, size_t N>
using EnumNames = std::array<std::pair<Enum, std::string_view>, N>;

constexpr EnumNames<Kind, 4> kKinds = {{{Kind::kThreshold, "threshold"},
                                        {Kind::kNoData, "no_data"},
                                        {Kind::kPrediction, "prediction"},
                                        {Kind::kAnomaly, "anomaly"}}};
constexpr EnumNames<Direction, 2> kDirections = {{{Direction::kAbove, "above"}, {Direction::kBelow, "below"}}};
constexpr EnumNames<Severity, 2> kSeverities = {{{Severity::kWarning, "warning"}, {Severity::kCritical, "critical"}}};

template <class Enum, size_t N>
std::string_view name_in(const EnumNames<Enum, N>& names, Enum value) {
  for (const auto& [each, name] : names) {
    if (each == value) return name;
  }
  return "";
}

template <class Enum, size_t N>
std::optional<Enum> find_in(const EnumNames<Enum, N>& names, std::string_view text) {
  for (const auto& [each, name] : names) {
    if (name == text) return each;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Kind kind) {
  return name_in(kKinds, kind);
}
std::string_view name_of(Direction direction) {
  return name_in(kDirections, direction);
}
std::string_view name_of(Severity severity) {
  return name_in(kSeverities, severity);
}
std::optional<Kind> find_kind(std::string_view name) {
  return find_in(kKinds, name);
}
std::optional<Direction> find_direction(std::string_view name) {
  return find_in(kDirections, name);
}
std::optional<Severity> find_severity(std::string_view name) {
  return find_in(kSeverities, name);
}

}  // namespace mps::alert
