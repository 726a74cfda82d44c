#include "store/embedded/head_stream.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "store/embedded/bytes.h"
#include "store/embedded/decimal.h"

// row := flags:u8  [difference of the step:varint]  [count:varint [columns:varint*]]  nibbles  payloads
// A nibble is the number of payload bytes, or kNewMode: mode:u8 and eight bytes follow.
namespace mps::store {
namespace {

constexpr uint8_t kExplicit = 1, kOtherStep = 2, kOtherCount = 4;
constexpr unsigned kNewMode = 9;
// Modes: 0 is none yet; kTyped + type for the types other than float; a float that is no decimal; kDecimal + digits.
constexpr uint8_t kTyped = 1, kRawFloat = 8, kDecimal = 16;

std::vector<uint8_t>& scratch(size_t size) {
  thread_local std::vector<uint8_t> buffer;
  if (buffer.size() < size) buffer.resize(size);
  return buffer;
}

}  // namespace

// The mode for a value that the present one can't hold; `first` is what the column's state becomes.
uint8_t HeadStream::choose_mode(const Coder& coder, Value value, uint64_t& first) {
  first = value.bits();
  if (value.type() != ValueType::kFloat) return static_cast<uint8_t>(kTyped + static_cast<uint8_t>(value.type()));
  const int digits_min = coder.mode >= kDecimal ? coder.mode - kDecimal : 0;
  const int digits = decimal_digits(value.as_double(), digits_min);
  int64_t mantissa = 0;
  if (digits < 0 || !to_decimal(value.as_double(), digits, mantissa)) return kRawFloat;
  first = static_cast<uint64_t>(mantissa);
  return static_cast<uint8_t>(kDecimal + digits);
}

// False when the column's mode can't hold the value.
bool HeadStream::encode(Coder& coder, Value value, uint64_t& payload) {
  if (value.type() != ValueType::kFloat) {
    if (coder.mode != kTyped + static_cast<uint8_t>(value.type())) return false;
    payload = zigzag(static_cast<int64_t>(value.bits() - coder.previous));
    coder.previous = value.bits();
    return true;
  }
  if (coder.mode >= kDecimal) {
    int64_t mantissa;
    if (!to_decimal(value.as_double(), coder.mode - kDecimal, mantissa)) return false;
    payload = zigzag(static_cast<int64_t>(static_cast<uint64_t>(mantissa) - coder.previous));
    coder.previous = static_cast<uint64_t>(mantissa);
    return true;
  }
  if (coder.mode != kRawFloat) return false;
  payload = value.bits() ^ coder.previous;
  coder.previous = value.bits();
  return true;
}

Value HeadStream::decode(Coder& coder, uint64_t payload) {
  if (coder.mode == kRawFloat) {
    coder.previous ^= payload;
    return Value::from_bits(ValueType::kFloat, coder.previous);
  }
  coder.previous += static_cast<uint64_t>(unzigzag(payload));
  if (coder.mode < kRawFloat) return Value::from_bits(static_cast<ValueType>(coder.mode - kTyped), coder.previous);
  return Value::of_float(from_decimal(static_cast<int64_t>(coder.previous), coder.mode - kDecimal));
}

void HeadStream::append(int64_t time, std::span<const uint32_t> columns, std::span<const Value> values) {
  const size_t count = values.size();
  auto& buffer = scratch(40 + 20 * count);
  uint8_t* out = buffer.data() + 1;
  const auto varint = [&out](uint64_t v) {
    out = reinterpret_cast<uint8_t*>(put_varint(reinterpret_cast<char*>(out), v));
  };

  uint8_t flags = 0;
  const auto step = wrapped_minus(time, previous_time_);
  if (step != previous_step_) {
    flags |= kOtherStep;
    varint(zigzag(wrapped_minus(step, previous_step_)));
  }
  if (!columns.empty()) {
    flags |= kExplicit;
    varint(count);
    for (const uint32_t column : columns) varint(column);
  } else if (count != plain_count_) {
    flags |= kOtherCount;
    varint(count);
    plain_count_ = static_cast<uint32_t>(count);
  }
  buffer[0] = flags;

  uint8_t* const nibbles = out;
  std::memset(nibbles, 0, (count + 1) / 2);
  out += (count + 1) / 2;
  const size_t width = columns.empty() ? count : *std::max_element(columns.begin(), columns.end()) + size_t{1};
  if (coders_.size() < width) {
    coders_.reserve(width);
    coders_.resize(width);
  }
  for (size_t i = 0; i < count; ++i) {
    Coder& coder = coders_[columns.empty() ? i : columns[i]];
    uint64_t payload;
    unsigned nibble;
    if (encode(coder, values[i], payload)) {
      nibble = significant_bytes(payload);
      std::memcpy(out, &payload, 8);
      out += nibble;
    } else {
      nibble = kNewMode;
      coder.mode = choose_mode(coder, values[i], coder.previous);
      *out++ = coder.mode;
      std::memcpy(out, &coder.previous, 8);
      out += 8;
    }
    nibbles[i / 2] = static_cast<uint8_t>(nibbles[i / 2] | (nibble << (4 * (i % 2))));
  }

  const auto length = static_cast<size_t>(out - buffer.data());
  stream_.append(buffer.data(), length);

  if (rows_ == 0) {
    first_time_ = last_time_max_ = time;
  } else {
    sorted_ = sorted_ && time > previous_time_;
    first_time_ = std::min(first_time_, time);
    last_time_max_ = std::max(last_time_max_, time);
  }
  previous_step_ = step;
  previous_time_ = time;
  ++rows_;
}

void HeadStream::visit(const Visit& visit) const {
  const std::vector<uint8_t> stream = stream_.flat();
  ByteReader in({reinterpret_cast<const char*>(stream.data()), stream.size()});
  std::vector<Coder> coders(coders_.size());
  std::vector<uint32_t> columns;
  std::vector<Value> values;
  int64_t time = 0, step = 0;
  size_t plain_count = 0;
  while (!in.at_end()) {
    const uint8_t flags = in.byte();
    if ((flags & kOtherStep) != 0) step = wrapped_plus(step, in.signed_varint());
    time = wrapped_plus(time, step);
    if ((flags & kOtherCount) != 0) plain_count = in.varint();
    const size_t count = (flags & kExplicit) != 0 ? in.varint() : plain_count;
    columns.resize((flags & kExplicit) != 0 ? count : 0);
    for (auto& column : columns) column = static_cast<uint32_t>(in.varint());
    const std::string_view nibbles = in.bytes((count + 1) / 2);
    values.resize(count);
    for (size_t i = 0; i < count; ++i) {
      Coder& coder = coders[columns.empty() ? i : columns[i]];
      const unsigned nibble = (static_cast<unsigned char>(nibbles[i / 2]) >> (4 * (i % 2))) & 15;
      if (nibble == kNewMode) {
        coder.mode = in.byte();
        coder.previous = in.little(8);
        // A payload of zero leaves the state as it is, for every mode.
        values[i] = decode(coder, 0);
      } else {
        values[i] = decode(coder, in.little(nibble));
      }
    }
    visit(time, columns, values);
  }
  assert(in.ok());
}

void HeadStream::clear() {
  *this = HeadStream();
}

}  // namespace mps::store
