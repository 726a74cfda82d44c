#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "metric/sample.h"
#include "store/embedded/column.h"
#include "store/embedded/head_stream.h"
#include "store/embedded/journal.h"

// Sealed rows of one group, and blocks of many such: docs/format/chunk.md. No I/O.
namespace mps::store {

// Rows of one group, sorted by time, one for each time. Column i is columns[i]; `present` has a flag for every row.
struct RowTable {
  std::vector<int64_t> times;
  std::vector<ColumnValues> columns;
};

// The rows of a head, sorted; of rows of the same time the last value of each column.
RowTable sorted_rows(const HeadStream& head);

// The chunk of rows [begin, end), at least one. At most kChunkRowsMax.
std::string encode_chunk(const RowTable& rows, size_t begin, size_t end);

inline constexpr size_t kChunkRowsMax = 65'536;

// A chunk whose checksum holds. Views into its bytes.
class ChunkView {
 public:
  // Fails with kCorrupt.
  static Result<ChunkView> open(std::string_view bytes);

  size_t rows() const { return rows_; }
  Result<std::vector<int64_t>> times() const;
  std::vector<uint32_t> columns() const;
  // Appends the samples of a column that lie in the range; none where the chunk has no such column. Fails with
  // kCorrupt.
  Result<void> read(uint32_t column, TimeRange range, std::vector<Sample>& out) const;

 private:
  std::string_view code_of(uint32_t column) const;

  size_t rows_ = 0;
  std::string_view times_;
  std::string_view directory_;
  std::string_view codes_;
};

// Chunks of some groups of one server, as they lie in a row of table `block`.
struct GroupChunk {
  GroupId group;
  std::string_view bytes;
};
std::string encode_block(std::span<const GroupChunk> chunks);  // in order of group
// Fails with kCorrupt when the directory is broken; the chunks themselves are not looked at.
Result<std::vector<GroupChunk>> decode_block(std::string_view block);

}  // namespace mps::store
