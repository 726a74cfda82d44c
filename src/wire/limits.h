#pragma once

#include <cstddef>

namespace mps::wire {

// A line (or one metric of a JSON body) beyond any of these is refused; its neighbours are not.
struct Limits {
  size_t line_bytes = 65536;  // of line protocol
  size_t tags = 64;
  size_t fields = 1024;
  size_t name_bytes = 1024;  // a measurement, tag name, tag value or field name
};

// How many were refused by each limit.
struct LimitCounts {
  size_t line_bytes = 0, tags = 0, fields = 0, name_bytes = 0;
};

}  // namespace mps::wire
