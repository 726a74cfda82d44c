#include "forecast/hygiene.h"

#include <cmath>

namespace mps::forecast {
namespace {

constexpr double kRepeatsMax = 0.05;  // of neighbours outside long runs, for a repetition to be suspicious

struct Run {
  size_t begin, end;
};

}  // namespace

std::vector<double> without_frozen(std::span<const double> values, Duration step) {
  std::vector<double> out(values.begin(), values.end());
  const auto least = static_cast<size_t>(kFrozenMin / step);
  std::vector<Run> runs;
  size_t pairs = 0, repeats = 0;
  for (size_t begin = 0; begin < values.size();) {
    size_t end = begin + 1;
    while (end < values.size() && values[end] == values[begin]) ++end;
    if (std::isfinite(values[begin])) {
      if (end - begin >= least) {
        runs.push_back({begin, end});
      } else {
        pairs += end - begin, repeats += end - begin - 1;
      }
    }
    begin = end;
  }
  // A series that is one long run, or mostly runs, stands still by nature.
  if (pairs < values.size() / 2 || static_cast<double>(repeats) > kRepeatsMax * static_cast<double>(pairs)) return out;
  for (const auto& run : runs) {
    for (size_t i = run.begin + 1; i < run.end; ++i) out[i] = std::nan("");
  }
  return out;
}

}  // namespace mps::forecast
