#include "metric/units.h"

#include <array>
#include <utility>

namespace mps {
namespace {

constexpr std::array kNamedUnits = {std::pair{Units::kBytes, "bytes"}, std::pair{Units::kBinary, "binary"},
                                    std::pair{Units::kBits, "bits"}};
constexpr double kBitsInByte = 8;

}  // namespace

std::optional<Units> find_units(std::string_view name) {
  for (const auto& [units, known] : kNamedUnits) {
    if (known == name) return units;
  }
  return std::nullopt;
}

std::string_view name_of(Units units) {
  for (const auto& [known, name] : kNamedUnits) {
    if (known == units) return name;
  }
  return kNamedUnits.front().second;
}

ShownAs shown_as(Unit unit, Units units) {
  const bool is_net = unit == Unit::kNetBytesPerSecond;
  if (!is_net && unit != Unit::kBytesPerSecond) return {unit};
  if (units == Units::kBinary) return {Unit::kBinaryBytesPerSecond};
  if (units == Units::kBits && is_net) return {Unit::kBitsPerSecond, kBitsInByte};
  return {unit};
}

}  // namespace mps
