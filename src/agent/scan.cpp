#include "agent/scan.h"

#include <charconv>

namespace mps::agent {
namespace {

constexpr std::string_view kBlanks = " \t\n\r\f\v";

template <class Number>
std::optional<Number> to_number(std::string_view word) {
  Number number{};
  const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (failure != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string_view take_line(std::string_view& text) {
  const size_t newline = text.find('\n');
  const std::string_view line = text.substr(0, newline);
  text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  return line;
}

std::string_view take_word(std::string_view& line) {
  const size_t begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) {
    line = {};
    return {};
  }
  line.remove_prefix(begin);
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

uint64_t take_number(std::string_view& line) {
  return to_natural(take_word(line)).value_or(0);
}

std::optional<uint64_t> to_natural(std::string_view word) {
  return to_number<uint64_t>(word);
}

std::optional<double> to_real(std::string_view word) {
  return to_number<double>(word);
}

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace mps::agent
