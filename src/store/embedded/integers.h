#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/embedded/bytes.h"

// A sequence of 64-bit integers in few bytes: docs/format/chunk.md, "Integers".
namespace mps::store {

// Another column of the same rows, whose steps predict this one's.
struct Reference {
  uint32_t column = 0;
  std::span<const int64_t> values;  // as many as are coded
};

// Appends the code of `values` (at least one). The best of `references` may be used; its column number is written
// along. Returns whether one was.
bool encode_integers(std::span<const int64_t> values, std::span<const Reference> references, std::string& out);

// The column that the code refers to, if any; read before decode_integers.
std::optional<uint32_t> reference_of(std::string_view code);

// Decodes into `values`, whose size is the count. `reference` holds the values of reference_of(code), empty without
// one. False on nonsense; a code that no encoder wrote may also give any numbers.
bool decode_integers(std::string_view code, std::span<const int64_t> reference, std::span<int64_t> values);

}  // namespace mps::store
