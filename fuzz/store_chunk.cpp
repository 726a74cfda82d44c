#include <cstdint>
#include <cstdlib>
#include <string>

#include "store/embedded/chunk.h"
#include "store/embedded/crc32c.h"

namespace {

constexpr mps::TimeRange kAlways{mps::Timestamp::min(), mps::Timestamp::max()};

void read_all(std::string_view bytes) {
  const auto chunk = mps::store::ChunkView::open(bytes);
  if (!chunk) return;
  size_t read = 0;
  for (const uint32_t column : chunk->columns()) {
    std::vector<mps::Sample> samples;
    (void)chunk->read(column, kAlways, samples);
    if (samples.size() > chunk->rows() || ++read == 16) return;
  }
}

// Rows made of the input: time steps, presence, types and values.
mps::store::RowTable table_of(const uint8_t* data, size_t size) {
  mps::store::RowTable rows;
  mps::store::ByteReader in({reinterpret_cast<const char*>(data), size});
  rows.columns.resize(1 + in.byte() % 5);
  int64_t time = static_cast<int64_t>(in.little(8)) / 2;
  while (!in.at_end() && rows.times.size() < 200) {
    rows.times.push_back(time += 1 + static_cast<int64_t>(in.varint() >> 8));
    for (auto& column : rows.columns) {
      const uint8_t shape = in.byte();
      const auto type = static_cast<mps::ValueType>(shape & 3);
      column.present.push_back((shape & 4) == 0);
      column.values.push_back(mps::Value::from_bits(type, in.little((shape >> 3) & 7)));
    }
  }
  return rows;
}

void round_trip(const mps::store::RowTable& rows) {
  if (rows.times.empty()) return;
  for (size_t i = 1; i < rows.times.size(); ++i) {
    if (rows.times[i] <= rows.times[i - 1]) return;
  }
  const std::string bytes = mps::store::encode_chunk(rows, 0, rows.times.size());
  const auto chunk = mps::store::ChunkView::open(bytes);
  if (!chunk) std::abort();
  for (uint32_t c = 0; c < rows.columns.size(); ++c) {
    std::vector<mps::Sample> samples;
    if (!chunk->read(c, kAlways, samples)) std::abort();
    size_t next = 0;
    for (size_t i = 0; i < rows.times.size(); ++i) {
      if (rows.columns[c].present[i] == 0) continue;
      if (next == samples.size() || samples[next].time.time_since_epoch().count() != rows.times[i] ||
          samples[next].value != rows.columns[c].values[i]) {
        std::abort();
      }
      ++next;
    }
    if (next != samples.size()) std::abort();
  }
}

}  // namespace

// Any bytes behind a good checksum: an error or samples, no crash; and any table comes back to the bit.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  mps::store::append_u32(bytes, mps::store::crc32c(bytes));
  read_all(bytes);
  (void)mps::store::decode_block({reinterpret_cast<const char*>(data), size});
  round_trip(table_of(data, size));
  return 0;
}
