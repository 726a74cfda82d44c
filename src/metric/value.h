#pragma once

#include <bit>
#include <cstdint>

namespace mps {

enum class ValueType : uint8_t { kFloat = 0, kInteger = 1, kUnsigned = 2, kBoolean = 3 };

// One stored figure, kept as what it was sent: an integer above 2^53 comes back exact.
class Value {
 public:
  constexpr Value() = default;
  static constexpr Value of_float(double v) { return Value(ValueType::kFloat, std::bit_cast<uint64_t>(v)); }
  static constexpr Value of_integer(int64_t v) { return Value(ValueType::kInteger, std::bit_cast<uint64_t>(v)); }
  static constexpr Value of_unsigned(uint64_t v) { return Value(ValueType::kUnsigned, v); }
  static constexpr Value of_boolean(bool v) { return Value(ValueType::kBoolean, v ? 1u : 0u); }
  static constexpr Value from_bits(ValueType type, uint64_t bits) { return Value(type, bits); }

  constexpr ValueType type() const { return type_; }
  constexpr uint64_t bits() const { return bits_; }
  constexpr int64_t as_integer() const { return std::bit_cast<int64_t>(bits_); }  // of an integer

  // For arithmetic: booleans are 0 and 1, integers lose what a double can't hold.
  constexpr double as_double() const {
    switch (type_) {
      case ValueType::kFloat:
        return std::bit_cast<double>(bits_);
      case ValueType::kInteger:
        return static_cast<double>(std::bit_cast<int64_t>(bits_));
      case ValueType::kUnsigned:
      case ValueType::kBoolean:
        break;
    }
    return static_cast<double>(bits_);
  }

  friend constexpr bool operator==(const Value&, const Value&) = default;

 private:
  constexpr Value(ValueType type, uint64_t bits) : bits_(bits), type_(type) {}
  uint64_t bits_ = 0;
  ValueType type_ = ValueType::kFloat;
};

}  // namespace mps
