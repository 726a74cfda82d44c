#include "store/embedded/chunk.h"

#include <algorithm>
#include <deque>
#include <numeric>

#include "store/embedded/crc32c.h"

namespace mps::store {
namespace {

constexpr char kBlockVersion = 1;
constexpr size_t kReferencesMax = 8;

Error corrupt(const char* what) {
  return {ErrorCode::kCorrupt, what};
}

void put(RowTable& table, size_t row, size_t column, Value value) {
  if (table.columns.size() <= column) table.columns.resize(column + 1);
  ColumnValues& c = table.columns[column];
  if (c.values.size() <= row) {
    c.values.resize(row + 1);
    c.present.resize(row + 1);
  }
  c.values[row] = value;
  c.present[row] = 1;
}

RowTable rows_by_arrival(const HeadStream& head) {
  RowTable table;
  table.times.reserve(head.rows());
  head.visit([&](int64_t time, std::span<const uint32_t> columns, std::span<const Value> values) {
    for (size_t i = 0; i < values.size(); ++i)
      put(table, table.times.size(), columns.empty() ? i : columns[i], values[i]);
    table.times.push_back(time);
  });
  for (ColumnValues& column : table.columns) {
    column.values.resize(table.times.size());
    column.present.resize(table.times.size());
  }
  return table;
}

// Reorders rows by time; of equal times the later arrival wins, value by value.
RowTable sort_and_merge(const RowTable& in) {
  std::vector<size_t> order(in.times.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return in.times[a] < in.times[b]; });
  RowTable out;
  out.columns.resize(in.columns.size());
  for (const size_t from : order) {
    if (out.times.empty() || out.times.back() != in.times[from]) out.times.push_back(in.times[from]);
    for (size_t c = 0; c < in.columns.size(); ++c) {
      if (in.columns[c].present[from] != 0) put(out, out.times.size() - 1, c, in.columns[c].values[from]);
    }
  }
  for (ColumnValues& column : out.columns) {
    column.values.resize(out.times.size());
    column.present.resize(out.times.size());
  }
  return out;
}

bool any_present(const ColumnValues& column, size_t begin, size_t end) {
  return std::find(column.present.begin() + static_cast<ptrdiff_t>(begin),
                   column.present.begin() + static_cast<ptrdiff_t>(end),
                   1) != column.present.begin() + static_cast<ptrdiff_t>(end);
}

bool constant(std::span<const int64_t> values) {
  return std::all_of(values.begin(), values.end(), [&](int64_t v) { return v == values[0]; });
}

}  // namespace

RowTable sorted_rows(const HeadStream& head) {
  RowTable table = rows_by_arrival(head);
  return head.sorted() ? table : sort_and_merge(table);
}

std::string encode_chunk(const RowTable& rows, size_t begin, size_t end) {
  std::string directory, codes, times;
  std::deque<CodedColumn> referable;  // of the last few columns; a deque's elements stay where they are
  std::vector<Reference> references;
  uint32_t count = 0, before = 0;
  for (uint32_t c = 0; c < rows.columns.size(); ++c) {
    if (!any_present(rows.columns[c], begin, end)) continue;
    const size_t start = codes.size();
    CodedColumn coded = encode_column(rows.columns[c], begin, end, references, codes);
    append_varint(directory, c - before);
    append_varint(directory, codes.size() - start);
    before = c;
    ++count;
    if (!coded.may_be_referred || constant(coded.integers)) continue;
    if (references.size() == kReferencesMax) {
      references.erase(references.begin());
      referable.pop_front();
    }
    referable.push_back(std::move(coded));
    references.push_back({c, referable.back().integers});
  }
  encode_integers(std::span(rows.times).subspan(begin, end - begin), {}, times);
  std::string out;
  append_varint(out, end - begin);
  append_text(out, times);
  append_varint(out, count);
  append_text(out, directory);
  out += codes;
  append_u32(out, crc32c(out));
  return out;
}

Result<ChunkView> ChunkView::open(std::string_view bytes) {
  if (bytes.size() < 4) return corrupt("a chunk is cut off");
  const std::string_view body = bytes.substr(0, bytes.size() - 4);
  if (crc32c(body) != load_u32(bytes.data() + body.size())) return corrupt("a chunk fails its checksum");
  ByteReader in(body);
  ChunkView view;
  view.rows_ = in.varint();
  view.times_ = in.text();
  in.varint();  // the number of columns, for people
  view.directory_ = in.text();
  view.codes_ = in.bytes(in.left());
  if (!in.ok() || view.rows_ == 0 || view.rows_ > kChunkRowsMax)
    return corrupt("a chunk passes its checksum but makes no sense");
  return view;
}

Result<std::vector<int64_t>> ChunkView::times() const {
  std::vector<int64_t> times(rows_);
  if (reference_of(times_) || !decode_integers(times_, {}, times)) return corrupt("the times of a chunk make no sense");
  return times;
}

std::vector<uint32_t> ChunkView::columns() const {
  std::vector<uint32_t> columns;
  ByteReader in(directory_);
  for (uint32_t column = 0; !in.at_end();) {
    column += static_cast<uint32_t>(in.varint());
    in.varint();
    columns.push_back(column);
  }
  return columns;
}

std::string_view ChunkView::code_of(uint32_t wanted) const {
  ByteReader in(directory_), codes(codes_);
  for (uint64_t column = 0; !in.at_end();) {
    column += in.varint();
    const std::string_view code = codes.bytes(in.varint());
    if (column == wanted) return code;
  }
  return {};
}

Result<void> ChunkView::read(uint32_t column, TimeRange range, std::vector<Sample>& out) const {
  const std::string_view code = code_of(column);
  if (code.empty()) return {};
  MPS_TRY(const auto times, this->times());
  ColumnValues values;
  if (!decode_column(
          code, rows_, [this](uint32_t n) { return code_of(n); }, values))
    return corrupt("a column of a chunk makes no sense");
  for (size_t i = 0; i < rows_; ++i) {
    const Timestamp time{Duration(times[i])};
    if (range.contains(time) && (values.present.empty() || values.present[i] != 0))
      out.push_back({time, values.values[i]});
  }
  return {};
}

std::string encode_block(std::span<const GroupChunk> chunks) {
  std::string directory;
  GroupId before = 0;
  for (const GroupChunk& chunk : chunks) {
    append_varint(directory, chunk.group - before);
    append_varint(directory, chunk.bytes.size());
    before = chunk.group;
  }
  std::string out(1, kBlockVersion);
  append_text(out, directory);
  append_u32(out, crc32c(out));
  for (const GroupChunk& chunk : chunks) out += chunk.bytes;
  return out;
}

Result<std::vector<GroupChunk>> decode_block(std::string_view block) {
  ByteReader in(block);
  if (in.byte() != static_cast<uint8_t>(kBlockVersion)) return corrupt("a block has no known version");
  ByteReader directory(in.text());
  const size_t header = block.size() - in.left();
  const auto checksum = static_cast<uint32_t>(in.little(4));
  if (!in.ok() || crc32c(block.substr(0, header)) != checksum)
    return corrupt("the directory of a block fails its checksum");
  std::vector<GroupChunk> chunks;
  for (GroupId group = 0; !directory.at_end();) {
    group += static_cast<GroupId>(directory.varint());
    chunks.push_back({group, in.bytes(directory.varint())});
  }
  if (!in.ok() || !directory.ok()) return corrupt("a block is cut off");
  return chunks;
}

}  // namespace mps::store
