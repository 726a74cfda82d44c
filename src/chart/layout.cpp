#include "chart/layout.h"

#include <algorithm>
#include <numeric>

namespace mps::chart {

// With u[i] = position[i] - i * gap the condition becomes "u does not fall", and the nearest such u is the isotonic
// regression of the wanted ones: pool neighbours that are in the wrong order at their mean.
std::vector<double> spread(const std::vector<double>& wanted, double gap, double low, double high) {
  const size_t count = wanted.size();
  if (count == 0) return {};
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return wanted[a] < wanted[b]; });
  if (count > 1) gap = std::min(gap, (high - low) / static_cast<double>(count - 1));

  struct Pool {
    double sum;
    size_t count;
    double mean() const { return sum / static_cast<double>(count); }
  };
  std::vector<Pool> pools;
  for (size_t i = 0; i < count; ++i) {
    pools.push_back({wanted[order[i]] - static_cast<double>(i) * gap, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
      pools[pools.size() - 2].sum += pools.back().sum;
      pools[pools.size() - 2].count += pools.back().count;
      pools.pop_back();
    }
  }

  std::vector<double> positions(count);
  const double last_low = std::max(low, high - static_cast<double>(count - 1) * gap);
  size_t i = 0;
  for (const Pool& pool : pools) {
    const double u = std::clamp(pool.mean(), low, last_low);
    for (size_t in_pool = 0; in_pool < pool.count; ++in_pool, ++i) {
      positions[order[i]] = u + static_cast<double>(i) * gap;
    }
  }
  return positions;
}

}  // namespace mps::chart
