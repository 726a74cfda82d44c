#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "metric/value.h"
#include "store/embedded/segmented_bytes.h"

namespace mps::store {

// The rows of one group that are not yet sealed, in order of arrival, compressed as they come: a column is kept as
// differences of integers, of decimals with few digits, or as XORed doubles, in whole bytes whose number takes half a
// byte. Lives in memory alone, so its bytes may change at will. Not thread-safe.
class HeadStream {
 public:
  // `columns` is empty for 0 .. values.size()-1. Values are exact to the bit whatever their order, type and times.
  void append(int64_t time, std::span<const uint32_t> columns, std::span<const Value> values);

  using Visit = std::function<void(int64_t time, std::span<const uint32_t> columns, std::span<const Value> values)>;
  // All rows in order of arrival; the spans live during the call.
  void visit(const Visit& visit) const;

  void clear();  // gives the memory back

  size_t rows() const { return rows_; }
  bool sorted() const { return sorted_; }  // every row later than the one before
  int64_t first_time() const { return first_time_; }
  int64_t last_time() const { return last_time_max_; }
  // Heap memory.
  size_t bytes() const { return stream_.memory() + coders_.capacity() * sizeof(Coder); }

 private:
  struct Coder {  // of one column: how its next value is written
    uint64_t previous = 0;
    uint8_t mode = 0;
  };
  static bool encode(Coder& coder, Value value, uint64_t& payload);
  static Value decode(Coder& coder, uint64_t payload);
  static uint8_t choose_mode(const Coder& coder, Value value, uint64_t& first);

  SegmentedBytes stream_;
  std::vector<Coder> coders_;
  int64_t first_time_ = 0;
  int64_t previous_time_ = 0;
  int64_t previous_step_ = 0;
  int64_t last_time_max_ = 0;
  uint32_t rows_ = 0;
  uint32_t plain_count_ = 0;  // values of the last row without a column list
  bool sorted_ = true;
};

}  // namespace mps::store
