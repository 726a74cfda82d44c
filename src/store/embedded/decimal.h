#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

// Doubles that people's programs print with few digits, as integers: 12.25 = 1225 / 10^2. The idea is that of
// VictoriaMetrics and of ALP (Afroozeh, Kuffo, Boncz 2023); here the division must give back the very same bits, so
// that nothing is ever rounded.
namespace mps::store {

inline constexpr int kDecimalDigitsMax = 15;
inline constexpr std::array<double, kDecimalDigitsMax + 1> kPowersOfTen = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

inline double from_decimal(int64_t mantissa, int digits) {
  return static_cast<double>(mantissa) / kPowersOfTen[static_cast<size_t>(digits)];
}

// True when `value` is exactly from_decimal(mantissa, digits). False for -0.0, infinities and NaN.
inline bool to_decimal(double value, int digits, int64_t& mantissa) {
  const double scaled = value * kPowersOfTen[static_cast<size_t>(digits)];
  if (!(std::fabs(scaled) < 9007199254740992.0)) return false;
  mantissa = std::llrint(scaled);
  return std::bit_cast<uint64_t>(from_decimal(mantissa, digits)) == std::bit_cast<uint64_t>(value);
}

// The fewest digits, at least `digits_min`, that hold `value`; -1 where there are none.
inline int decimal_digits(double value, int digits_min) {
  int64_t mantissa;
  for (int digits = digits_min; digits <= kDecimalDigitsMax; ++digits) {
    if (to_decimal(value, digits, mantissa)) return digits;
  }
  return -1;
}

}  // namespace mps::store
