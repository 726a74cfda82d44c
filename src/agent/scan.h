#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// Small steps through the texts of /proc.
namespace mps::agent {

// Takes the first line off `text`, without its newline.
std::string_view take_line(std::string_view& text);
// Takes the first word off `line`; "" when none is left. Words are parted by blanks.
std::string_view take_word(std::string_view& line);
// As take_word, as a number; 0 where it is missing or none.
uint64_t take_number(std::string_view& line);
// The whole of `word`.
std::optional<uint64_t> to_natural(std::string_view word);
std::optional<double> to_real(std::string_view word);
// Without blanks and newlines at both ends.
std::string_view trim(std::string_view text);

}  // namespace mps::agent
