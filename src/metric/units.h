#pragma once

#include <optional>
#include <string_view>

#include "metric/resource.h"

namespace mps {

// How people want amounts of data to be written: 1.5 MB/s, 1.43 MiB/s, or what goes over networks as 12 Mbit/s.
enum class Units { kBytes, kBinary, kBits };

std::optional<Units> find_units(std::string_view name);  // "bytes", "binary", "bits"
std::string_view name_of(Units units);

// A figure in `unit` is written as `scale` times as much of `unit` here.
struct ShownAs {
  Unit unit;
  double scale = 1;
};
ShownAs shown_as(Unit unit, Units units);

}  // namespace mps
