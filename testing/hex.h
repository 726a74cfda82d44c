#pragma once

#include <string>
#include <string_view>

namespace mps::testing {

// "01 ff" -> two bytes; whatever is no hex digit parts bytes.
inline std::string from_hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const size_t high = kDigits.find(text[i]), low = kDigits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) continue;
    bytes += static_cast<char>(high * 16 + low);
    ++i;
  }
  return bytes;
}

inline std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

}  // namespace mps::testing
