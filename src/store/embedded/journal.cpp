#include "store/embedded/journal.h"

#include <vector>

#include "store/embedded/crc32c.h"

namespace mps::store {
namespace {

constexpr char kVersion = 1;

// Room for one row. Grows, and never shrinks: a vector that is resized for every row clears what is written at once.
struct Scratch {
  std::vector<uint32_t> columns;
  std::vector<Value> values;
};

template <class T>
std::span<T> room_for(std::vector<T>& scratch, size_t count) {
  if (scratch.size() < count) scratch.resize(count);
  return std::span(scratch).first(count);
}

bool read_row(ByteReader& in, GroupId group, int64_t time, Scratch& scratch, JournalVisitor& visitor) {
  const uint64_t shape = in.varint();
  const uint64_t count = shape / 2;
  if (count > in.left()) return false;  // a value has at least one byte
  const auto columns = room_for(scratch.columns, (shape & 1) != 0 ? count : 0);
  for (auto& column : columns) column = static_cast<uint32_t>(in.varint());
  const auto values = room_for(scratch.values, count);
  for (auto& value : values) value = read_value(in);
  if (in.ok()) visitor.on_row(group, time, columns, values);
  return in.ok();
}

bool read_request(ByteReader in, Scratch& scratch, JournalVisitor& visitor) {
  uint64_t time = 0;
  while (!in.at_end()) {
    const uint64_t group = in.varint();
    if (group > UINT32_MAX) return false;
    const uint64_t server = group == 0 ? in.varint() : 0;
    time += static_cast<uint64_t>(in.signed_varint());
    if (group != 0) {
      if (!read_row(in, static_cast<GroupId>(group), static_cast<int64_t>(time), scratch, visitor)) return false;
      continue;
    }
    const std::string_view name = in.text();
    const std::string_view value = in.text();
    if (!in.ok()) return false;
    visitor.on_text(ServerId{static_cast<int64_t>(server)}, static_cast<int64_t>(time), name, value);
  }
  return in.ok();
}

}  // namespace

Value read_value(ByteReader& in) {
  const uint8_t tag = in.byte();
  const auto type = static_cast<ValueType>(tag & 3);
  const unsigned length = tag >> 2;
  if (length > 8) {
    in.bytes(~uint64_t{0});  // fails
    return {};
  }
  const uint64_t payload = in.little(length);
  if (type == ValueType::kFloat) return Value::from_bits(type, __builtin_bswap64(payload));
  if (type == ValueType::kInteger) return Value::of_integer(unzigzag(payload));
  return Value::from_bits(type, payload);
}

void append_value(std::string& out, Value value) {
  RequestEncoder encoder;
  encoder.row(1, Timestamp(), 1, {});
  const size_t header = encoder.bytes().size();
  encoder.value(value);
  out += encoder.bytes().substr(header);
}

void RequestEncoder::put_time(Timestamp time) {
  const auto now = static_cast<uint64_t>(time.time_since_epoch().count());
  put(zigzag(static_cast<int64_t>(now - time_)));
  time_ = now;
}

void RequestEncoder::put_bytes(std::string_view bytes) {
  std::memcpy(buffer_.data() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void RequestEncoder::text(ServerId server, Timestamp time, std::string_view measurement, std::string_view field,
                          std::string_view value) {
  reserve(60 + measurement.size() + field.size() + value.size());
  put(0);
  put(static_cast<uint64_t>(server));
  put_time(time);
  put(measurement.size() + 1 + field.size());
  put_bytes(measurement);
  put_bytes(" ");
  put_bytes(field);
  put(value.size());
  put_bytes(value);
}

void begin_record(std::string& record) {
  record.assign(1, kVersion);
}

void append_request(std::string& record, std::string_view request) {
  append_text(record, request);
}

void end_record(std::string& record) {
  append_u32(record, crc32c(record));
}

Result<void> decode_record(std::string_view record, JournalVisitor& visitor) {
  if (record.size() < 5 || record[0] != kVersion)
    return Error{ErrorCode::kCorrupt, "the journal record has no known version"};
  const std::string_view body = record.substr(0, record.size() - 4);
  if (crc32c(body) != load_u32(record.data() + body.size()))
    return Error{ErrorCode::kCorrupt, "the journal record fails its checksum"};
  ByteReader in(body.substr(1));
  Scratch scratch;
  while (!in.at_end()) {
    const std::string_view request = in.text();
    if (!in.ok() || !read_request(ByteReader(request), scratch, visitor)) {
      return Error{ErrorCode::kCorrupt, "the journal record passes its checksum but makes no sense"};
    }
  }
  return {};
}

}  // namespace mps::store
