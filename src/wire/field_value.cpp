#include "wire/field_value.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

namespace mps::wire {
namespace {

constexpr int kSafeDigits = 18;   // fit in an int64 whatever they are
constexpr int kExactDigits = 15;  // fit in a double exactly

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

ParsedValue fault(ValueFault what, const char* at) {
  return {Value(), at, what};
}

// [begin, digits_end) is a sign and digits, followed by 'i' or 'u'.
ParsedValue parse_long_integer(const char* begin, const char* digits_end) {
  if (*digits_end == 'i') {
    int64_t number = 0;
    const auto [end, failure] = std::from_chars(begin, digits_end, number);
    if (failure != std::errc()) return fault(ValueFault::kIntegerRange, digits_end + 1);
    return {Value::of_integer(number), digits_end + 1};
  }
  uint64_t number = 0;
  const auto [end, failure] = std::from_chars(begin, digits_end, number);
  if (failure != std::errc()) return fault(ValueFault::kUnsignedRange, digits_end + 1);
  return {Value::of_unsigned(number), digits_end + 1};
}

ParsedValue parse_number(const char* begin, const char* end) {
  const bool negative = *begin == '-';
  const char* const digits = begin + (negative ? 1 : 0);
  const char* p = digits;
  uint64_t number = 0;
  for (; p != end && is_digit(*p); ++p) number = number * 10 + static_cast<uint64_t>(*p - '0');
  const auto count = p - digits;
  const char next = p == end ? '\n' : *p;
  if (next == 'i' || next == 'u') {
    if (count == 0) return fault(ValueFault::kNotANumberOrBoolean, begin);
    if (next == 'u' && negative) return fault(ValueFault::kUnsignedRange, p + 1);
    if (count > kSafeDigits) return parse_long_integer(begin, p);
    if (next == 'u') return {Value::of_unsigned(number), p + 1};
    const auto magnitude = static_cast<int64_t>(number);
    return {Value::of_integer(negative ? -magnitude : magnitude), p + 1};
  }
  if (next != '.' && next != 'e' && next != 'E' && count > 0 && count <= kExactDigits) {
    const auto magnitude = static_cast<double>(number);
    return {Value::of_float(negative ? -magnitude : magnitude), p};
  }
  if (count == 0 && next != '.') return fault(ValueFault::kNotANumberOrBoolean, begin);
  double value = 0;
  const auto [stop, failure] = std::from_chars(begin, end, value);
  if (failure == std::errc::invalid_argument) return fault(ValueFault::kNotANumberOrBoolean, begin);
  if (failure == std::errc::result_out_of_range) {
    const auto small = parse_float({begin, static_cast<size_t>(stop - begin)});
    if (!small) return fault(ValueFault::kFloatRange, stop);
    value = *small;
  }
  return {Value::of_float(value), stop};
}

struct Word {
  std::string_view text;
  bool value;
};
// Longer ones first: "t" is the front of "true".
constexpr std::array<Word, 10> kBooleans = {{{"true", true},
                                             {"True", true},
                                             {"TRUE", true},
                                             {"false", false},
                                             {"False", false},
                                             {"FALSE", false},
                                             {"t", true},
                                             {"T", true},
                                             {"f", false},
                                             {"F", false}}};

}  // namespace

ParsedValue parse_field_value(const char* begin, const char* end) {
  if (begin == end) return fault(ValueFault::kNotANumberOrBoolean, begin);
  if (is_digit(*begin) || *begin == '-' || *begin == '.') return parse_number(begin, end);
  const std::string_view rest(begin, static_cast<size_t>(end - begin));
  for (const Word& word : kBooleans) {
    if (rest.starts_with(word.text)) return {Value::of_boolean(word.value), begin + word.text.size()};
  }
  return fault(ValueFault::kNotANumberOrBoolean, begin);
}

std::optional<double> parse_float(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure == std::errc::result_out_of_range && stop == end) {
    // Too large and too small are one error to from_chars; strtod tells them apart.
    value = std::strtod(std::string(text).c_str(), nullptr);
    if (std::abs(value) < 1) return value;
    return std::nullopt;
  }
  if (failure != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace mps::wire
