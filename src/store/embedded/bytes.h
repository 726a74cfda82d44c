#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// How numbers lie on disk: docs/format/journal.md, "Numbers".
namespace mps::store {

static_assert(std::endian::native == std::endian::little, "the formats are written for little-endian machines");

constexpr uint64_t zigzag(int64_t v) {
  return (static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63);
}
constexpr int64_t unzigzag(uint64_t v) {
  return static_cast<int64_t>((v >> 1) ^ (~(v & 1) + 1));
}

// Differences and sums that wrap around, so that any two numbers have one.
constexpr int64_t wrapped_minus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
constexpr int64_t wrapped_plus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

// Bytes that `v` needs: 0 to 8.
constexpr unsigned significant_bytes(uint64_t v) {
  return (64u - static_cast<unsigned>(std::countl_zero(v)) + 7) / 8;
}

// Writes at `out`, which has room for ten bytes; returns the end.
inline char* put_varint(char* out, uint64_t v) {
  while (v >= 0x80) {
    *out++ = static_cast<char>(v | 0x80);
    v >>= 7;
  }
  *out++ = static_cast<char>(v);
  return out;
}

inline void append_varint(std::string& out, uint64_t v) {
  char buffer[10];
  out.append(buffer, static_cast<size_t>(put_varint(buffer, v) - buffer));
}

inline void append_u32(std::string& out, uint32_t v) {
  char buffer[4];
  std::memcpy(buffer, &v, 4);
  out.append(buffer, 4);
}

inline void append_text(std::string& out, std::string_view text) {
  append_varint(out, text.size());
  out += text;
}

inline uint32_t load_u32(const char* p) {
  uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}

// Takes numbers and bytes from the front of bytes that may be broken. After the first failure everything reads as zero
// and ok() is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == end_; }
  size_t left() const { return static_cast<size_t>(end_ - at_); }

  uint64_t varint() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) return static_cast<unsigned char>(*at_++);
    return long_varint();
  }
  int64_t signed_varint() { return unzigzag(varint()); }

  uint8_t byte() {
    if (at_ == end_) return fail();
    return static_cast<unsigned char>(*at_++);
  }

  // `count` low bytes of a 64-bit number; count <= 8.
  uint64_t little(unsigned count) {
    if (left() < count) return fail();
    uint64_t v = 0;
    if (left() >= 8) {  // one load instead of `count`
      std::memcpy(&v, at_, 8);
      if (count < 8) v &= (uint64_t{1} << (8 * count)) - 1;
    } else {
      std::memcpy(&v, at_, count);
    }
    at_ += count;
    return v;
  }

  std::string_view bytes(uint64_t count) {
    if (left() < count) {
      fail();
      return {};
    }
    const std::string_view taken(at_, count);
    at_ += count;
    return taken;
  }
  std::string_view text() { return bytes(varint()); }

 private:
  uint8_t fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

  uint64_t long_varint() {
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      if (at_ == end_) return fail();
      const auto b = static_cast<unsigned char>(*at_++);
      if (shift == 63 && b > 1) return fail();
      v |= static_cast<uint64_t>(b & 0x7F) << shift;
      if (b < 0x80) return v;
    }
    return fail();
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace mps::store
