#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "metric/sample.h"
#include "store/embedded/bytes.h"

// The bytes of docs/format/journal.md. No I/O.
namespace mps::store {

using GroupId = uint32_t;

// Writes the entries of one request into a buffer that is reused from request to request. Not thread-safe.
class RequestEncoder {
 public:
  void clear() {
    size_ = 0;
    time_ = 0;
  }
  std::string_view bytes() const { return {buffer_.data(), size_}; }

  // Begins a row of `count` values; exactly as many value() calls follow. `columns` is empty for the columns 0 ..
  // count-1.
  void row(GroupId group, Timestamp time, size_t count, std::span<const uint32_t> columns) {
    reserve(40 + 10 * columns.size() + 17 * count);
    put(group);
    put_time(time);
    put(2 * count + (columns.empty() ? 0 : 1));
    for (const uint32_t column : columns) put(column);
  }

  void value(Value v) {
    uint64_t payload = v.bits();
    if (v.type() == ValueType::kFloat) payload = __builtin_bswap64(payload);
    if (v.type() == ValueType::kInteger) payload = zigzag(v.as_integer());
    const unsigned length = significant_bytes(payload);
    char* const out = buffer_.data() + size_;
    *out = static_cast<char>(static_cast<unsigned>(v.type()) + 4 * length);
    std::memcpy(out + 1, &payload, 8);
    size_ += 1 + length;
  }

  void text(ServerId server, Timestamp time, std::string_view measurement, std::string_view field,
            std::string_view value);

 private:
  void reserve(size_t more) {
    if (buffer_.size() < size_ + more) buffer_.resize(2 * (size_ + more));
  }
  void put(uint64_t v) {
    char* const out = buffer_.data() + size_;
    size_ += static_cast<size_t>(put_varint(out, v) - out);
  }
  void put_time(Timestamp time);
  void put_bytes(std::string_view bytes);

  std::string buffer_;
  size_t size_ = 0;
  uint64_t time_ = 0;
};

// One value as `value` of the format.
void append_value(std::string& out, Value value);
Value read_value(ByteReader& in);  // nonsense makes `in` fail

// A whole record from encoded requests: begin, requests, end.
void begin_record(std::string& record);
void append_request(std::string& record, std::string_view request);
void end_record(std::string& record);

// Who receives what a record holds. The spans and texts live only during the call.
class JournalVisitor {
 public:
  virtual ~JournalVisitor() = default;
  // `columns` is empty for 0 .. values.size()-1.
  virtual void on_row(GroupId group, int64_t time_ns, std::span<const uint32_t> columns,
                      std::span<const Value> values) = 0;
  virtual void on_text(ServerId server, int64_t time_ns, std::string_view name, std::string_view value) = 0;
};

// Fails with kCorrupt before the first call when the checksum does not hold, or where the entries make no sense.
Result<void> decode_record(std::string_view record, JournalVisitor& visitor);

}  // namespace mps::store
