#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mps::telegram {

// How many insertions, deletions, substitutions and swaps of neighbours lead from `a` to `b` (optimal string
// alignment).
size_t edit_distance(std::string_view a, std::string_view b);

// Those of `known` that somebody who typed `word` may have meant, nearest first: begins alike, or at most two slips
// away. May be empty.
std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace mps::telegram
