#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

#include "forecast/backtest.h"
#include "forecast/baselines.h"

namespace mps::forecast {
namespace {

constexpr std::array<std::string_view, 5> kSimple = {"naive", "mean of the last hour", kSeasonalNaive,
                                                     "seasonal naive (week)", "mean of 7 days"};

const MethodScore* find(const SeriesScore& series, std::string_view method) {
  const auto it = std::find_if(series.methods.begin(), series.methods.end(),
                               [&](const MethodScore& m) { return m.method == method; });
  return it == series.methods.end() || it->count == 0 ? nullptr : &*it;
}

// Geometric means over the series where both sides can be compared; a flat series, on which a reference makes no error
// at all, has no ratio.
struct Ratios {
  double log_seasonal = 0, log_simple = 0, inside = 0, points = 0;
  uint64_t count = 0;

  void add(const SeriesScore& series, const MethodScore& m) {
    inside += m.coverage80 * static_cast<double>(m.count), points += static_cast<double>(m.count);
    const auto* seasonal = find(series, kSeasonalNaive);
    double simple = std::numeric_limits<double>::infinity();
    for (const auto name : kSimple) {
      // A method that answers for half of the points alone is no reference.
      const auto* s = find(series, name);
      if (s != nullptr && 2 * s->count >= m.count) simple = std::min(simple, s->mae);
    }
    if (seasonal == nullptr || !(seasonal->mae > 0) || !(simple > 0) || !std::isfinite(simple) || !(m.mae > 0)) return;
    log_seasonal += std::log(m.mae / seasonal->mae), log_simple += std::log(m.mae / simple);
    ++count;
  }
};

}  // namespace

std::vector<MethodSummary> summarise(const std::vector<SeriesScore>& series) {
  std::vector<std::pair<int64_t, std::string>> keys;
  for (const auto& s : series) {
    for (const auto& m : s.methods) {
      const std::pair key(s.horizon_s, m.method);
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  std::vector<MethodSummary> out;
  for (const auto& [horizon, method] : keys) {
    Ratios r;
    for (const auto& s : series) {
      const auto* m = s.horizon_s == horizon ? find(s, method) : nullptr;
      if (m != nullptr) r.add(s, *m);
    }
    const double n = static_cast<double>(std::max<uint64_t>(1, r.count));
    out.push_back({method, horizon, r.count > 0 ? std::exp(r.log_seasonal / n) : 0,
                   r.count > 0 ? std::exp(r.log_simple / n) : 0, r.points > 0 ? r.inside / r.points : 0, r.count});
  }
  return out;
}

std::string dump_csv(const Backtest& result) {
  std::string out = "file,column,horizon,origin,step,p10,p50,p90,actual,method\n";
  for (const auto& row : result.dump) {
    const auto& s = result.series[row.series];
    fmt::format_to(std::back_inserter(out), "{},{},{}h,{},{},{:.9g},{:.9g},{:.9g},{:.9g},{}\n", s.file, s.column,
                   s.horizon_s / 3600, row.origin, row.step, row.p10, row.p50, row.p90, row.actual, s.shown);
  }
  return out;
}

}  // namespace mps::forecast
