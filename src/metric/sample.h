#pragma once

#include <cstdint>

#include "base/clock.h"
#include "metric/value.h"

namespace mps {

enum class ServerId : int64_t {};  // 0 is nobody

struct Sample {
  Timestamp time;
  Value value;
  friend bool operator==(const Sample&, const Sample&) = default;
};

// A sample as people read it: in the unit of a resource.
struct Reading {
  Timestamp time;
  double value;
  friend bool operator==(const Reading&, const Reading&) = default;
};

// Half open: from <= t < to.
struct TimeRange {
  Timestamp from;
  Timestamp to;
  bool contains(Timestamp t) const { return from <= t && t < to; }
  bool empty() const { return to <= from; }
  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

}  // namespace mps
