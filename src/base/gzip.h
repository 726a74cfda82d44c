#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mps {

// One gzip member, level 1 (fast) to 9 (small).
std::string gzip(std::string_view data, int level = 6);

// The content of one or more gzip members (RFC 1952), or of a zlib stream (RFC 1950).
// Fails with kLimitExceeded when it would pass `size_max` bytes, kInvalidArgument on broken or truncated data.
Result<std::string> gunzip(std::string_view data, size_t size_max);

}  // namespace mps
