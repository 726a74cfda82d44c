#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// Adaptive binary range coding, the arithmetic coder of LZMA (G. N. N. Martin 1979; I. Pavlov) with probabilities that
// learn fast at first. docs/format/chunk.md, "Residuals", has the exact arithmetic.
namespace mps::store {

// The probability that a bit is one, learnt from the bits before it.
class BitModel {
 public:
  // Of 4096; never 0 nor 4096.
  uint32_t one() const { return static_cast<uint32_t>(p_ >> 4) | 1u; }
  void learn(bool bit) {
    const uint32_t rate = kRates[seen_];
    if (bit) {
      p_ = static_cast<uint16_t>(p_ + ((static_cast<uint32_t>(65535 - p_) * rate) >> 16));
    } else {
      p_ = static_cast<uint16_t>(p_ - ((static_cast<uint32_t>(p_) * rate) >> 16));
    }
    if (seen_ + 1u < kRates.size()) ++seen_;
  }

 private:
  static constexpr std::array<uint32_t, 48> kRates = [] {
    std::array<uint32_t, 48> rates{};
    for (uint32_t n = 0; n < rates.size(); ++n) rates[n] = 65536 * 2 / (2 * n + 3);  // 1 / (n + 1.5)
    return rates;
  }();
  uint16_t p_ = 32768;
  uint8_t seen_ = 0;
};

class RangeEncoder {
 public:
  explicit RangeEncoder(std::string& out) : out_(out), start_(out.size()) {}

  void bit(BitModel& model, bool bit) {
    const uint32_t bound = (range_ >> 12) * model.one();
    if (bit) {
      range_ = bound;
    } else {
      low_ += bound;
      range_ -= bound;
    }
    model.learn(bit);
    while (range_ < kTop) shift();
  }

  // The low `count` bits of `bits`, all equally likely; count <= 64.
  void direct(uint64_t bits, unsigned count) {
    while (count > 0) {
      const unsigned now = count < 16 ? count : 16;
      count -= now;
      range_ >>= now;
      low_ += static_cast<uint64_t>(range_) * ((bits >> count) & ((1u << now) - 1));
      while (range_ < kTop) shift();
    }
  }

  // Call once at the end. Zeros at the end are dropped: the decoder reads zeros there.
  void finish();

 private:
  static constexpr uint32_t kTop = 1u << 24;

  void shift() {
    if (static_cast<uint32_t>(low_) < 0xFF000000u || (low_ >> 32) != 0) {
      const auto carry = static_cast<uint8_t>(low_ >> 32);
      if (!first_) out_ += static_cast<char>(static_cast<uint8_t>(cache_ + carry));
      for (; pending_ > 0; --pending_) out_ += static_cast<char>(static_cast<uint8_t>(0xFF + carry));
      cache_ = static_cast<uint8_t>(low_ >> 24);
      first_ = false;
    } else {
      ++pending_;
    }
    low_ = (low_ & 0x00FFFFFFu) << 8;
    range_ <<= 8;
  }

  std::string& out_;
  size_t start_;
  uint64_t low_ = 0;
  uint32_t range_ = 0xFFFFFFFFu;
  uint64_t pending_ = 0;
  uint8_t cache_ = 0;
  bool first_ = true;  // the first byte is always zero and is not written
};

// Reads what RangeEncoder wrote. Broken input gives other bits, never anything worse.
class RangeDecoder {
 public:
  explicit RangeDecoder(std::string_view in) : at_(in.data()), end_(at_ + in.size()) {
    for (int i = 0; i < 4; ++i) code_ = code_ << 8 | next();
  }

  bool bit(BitModel& model) {
    const uint32_t bound = (range_ >> 12) * model.one();
    const bool bit = code_ < bound;
    if (bit) {
      range_ = bound;
    } else {
      code_ -= bound;
      range_ -= bound;
    }
    model.learn(bit);
    normalise();
    return bit;
  }

  uint64_t direct(unsigned count) {
    uint64_t bits = 0;
    while (count > 0) {
      const unsigned now = count < 16 ? count : 16;
      count -= now;
      range_ >>= now;
      uint32_t part = code_ / range_;
      const uint32_t part_max = (1u << now) - 1;
      if (part > part_max) part = part_max;  // broken input alone
      code_ -= part * range_;
      bits = bits << now | part;
      normalise();
    }
    return bits;
  }

 private:
  uint8_t next() { return at_ == end_ ? uint8_t{0} : static_cast<uint8_t>(*at_++); }
  void normalise() {
    while (range_ < (1u << 24)) {
      range_ <<= 8;
      code_ = code_ << 8 | next();
    }
  }

  const char* at_;
  const char* end_;
  uint32_t range_ = 0xFFFFFFFFu;
  uint32_t code_ = 0;
};

}  // namespace mps::store
