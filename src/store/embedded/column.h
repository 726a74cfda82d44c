#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "metric/value.h"
#include "store/embedded/integers.h"

// One column of a chunk: docs/format/chunk.md, "Columns".
namespace mps::store {

// The values of one series, one a row; where `present` is not empty, those whose flag is 0 do not count.
struct ColumnValues {
  std::vector<Value> values;
  std::vector<uint8_t> present;
};

// What encode_column tells of a column that later ones may refer to: its integers, where it has a single plain run of
// them.
struct CodedColumn {
  bool may_be_referred = false;
  std::vector<int64_t> integers;
};

// Appends the code of rows [begin, end) of the column, at least one of which is present.
CodedColumn encode_column(const ColumnValues& column, size_t begin, size_t end, std::span<const Reference> references,
                          std::string& out);

// Decodes a column of so many rows. `code_of(n)` gives the code of column n of the chunk, empty where there is none.
// False on nonsense.
using CodeOf = std::function<std::string_view(uint32_t)>;
bool decode_column(std::string_view code, size_t rows, const CodeOf& code_of, ColumnValues& out);

}  // namespace mps::store
