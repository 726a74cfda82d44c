#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "metric/point.h"
#include "wire/limits.h"

namespace mps::wire {

// Why one line (or one metric of a JSON body) was refused. The others are not touched by it.
struct LineError {
  size_t line = 0;     // from 1; JSON: the metric, counted from 1
  size_t column = 0;   // bytes, from 1; JSON: 1, or the byte of the body where the JSON itself is broken
  std::string reason;  // a sentence: what is wrong, and what to write instead
  friend bool operator==(const LineError&, const LineError&) = default;
};

// What one body held. `batch` views the body: keep the body alive as long as the batch.
struct ParseResult {
  static constexpr size_t kErrorsKept = 20;

  PointBatch batch;
  std::vector<LineError> errors;  // the first kErrorsKept
  size_t error_count = 0;         // all of them
  LimitCounts over_limit;         // those of them that were over a limit

  void add_error(LineError error) {
    ++error_count;
    if (errors.size() < kErrorsKept) errors.push_back(std::move(error));
  }
};

}  // namespace mps::wire
