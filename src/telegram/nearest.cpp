#include "telegram/nearest.h"

#include <algorithm>
#include <utility>

namespace mps::telegram {

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const size_t substituted = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, substituted});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known) {
  constexpr size_t kSlipsMax = 2;
  constexpr size_t kPrefixMin = 2;
  word = word.substr(0, 32);
  std::vector<std::pair<size_t, std::string_view>> found;
  for (const auto candidate : known) {
    const bool begins_alike = word.size() >= kPrefixMin && (candidate.starts_with(word) || word.starts_with(candidate));
    const size_t distance = begins_alike ? 0 : edit_distance(word, candidate);
    if (distance <= kSlipsMax && distance < word.size()) found.emplace_back(distance, candidate);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> names;
  for (const auto& [distance, name] : found) names.push_back(name);
  return names;
}

}  // namespace mps::telegram
