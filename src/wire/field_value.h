#pragma once

#include <optional>
#include <string_view>

#include "metric/value.h"

// One unquoted field value of line protocol: a number or a boolean.
namespace mps::wire {

enum class ValueFault {
  kNone,
  kNotANumberOrBoolean,
  kIntegerRange,   // digits and i, but not within int64
  kUnsignedRange,  // digits and u, but not within uint64
  kFloatRange,
};

struct ParsedValue {
  Value value;
  const char* end =
      nullptr;  // behind the last byte taken; anything but ',', white space or the end is the caller's fault
  ValueFault fault = ValueFault::kNone;
};

// Reads the value at the front of [begin, end); takes as much as belongs to it.
ParsedValue parse_field_value(const char* begin, const char* end);

// The whole of `text` as a finite float, rounded correctly; too small for a double is 0. Nothing when it is too large
// or not a number.
std::optional<double> parse_float(std::string_view text);

}  // namespace mps::wire
