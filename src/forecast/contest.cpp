#include "forecast/contest.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mps::forecast {
namespace {

constexpr double kKeep = 0.985;     // per origin: half of the memory is the last 46
constexpr double kPower = 4;        // weights are (mean error)^-kPower
constexpr double kBandRate = 0.15;  // how fast a band's half widens or narrows
constexpr double kBandReach = 4;    // logarithms stay within this
constexpr double kClearlyBetter = 0.97;

}  // namespace

Contest::Contest(const Layout& layout, const std::vector<std::string>& methods) : layout_(layout) {
  for (const auto& name : methods) methods_.push_back({name, {}, {}, {}, {}});
  methods_.push_back({std::string(kCombination), {}, {}, {}, {}});
}

std::vector<std::vector<double>> Contest::with_combination(const OriginForecasts& f) const {
  auto medians = f.medians;
  const size_t count = medians.size();
  std::vector<double> combined(layout_.steps, std::nan(""));
  for (size_t s = 0; s < layout_.steps; ++s) {
    const size_t b = bucket(s);
    // Unmeasured methods keep out, unless nothing has been measured yet.
    double least = std::numeric_limits<double>::infinity();
    for (size_t m = 0; m < count; ++m) {
      if (std::isfinite(medians[m][s]) && methods_[m].mass[b] > 0) least = std::min(least, methods_[m].error[b]);
    }
    double sum = 0, weights = 0;
    for (size_t m = 0; m < count; ++m) {
      if (!std::isfinite(medians[m][s])) continue;
      double weight = 1;
      if (std::isfinite(least)) {
        const double error = methods_[m].error[b];
        weight = methods_[m].mass[b] > 0 ? (error > 0 ? std::pow(least / error, kPower) : 1) : 0;
      }
      sum += weight * medians[m][s], weights += weight;
    }
    if (weights > 0) combined[s] = sum / weights;
  }
  medians.push_back(std::move(combined));
  return medians;
}

Quantiles Contest::band(const Method& m, size_t s, double median, const OriginForecasts& f) const {
  const size_t b = bucket(s);
  // Without a network, twice the mean error on each side is about where a tenth of the outcomes lies beyond.
  double below = 2 * m.error[b], above = below;
  if (!f.lstm.empty()) below = f.lstm[s].p50 - f.lstm[s].p10, above = f.lstm[s].p90 - f.lstm[s].p50;
  return {median - below * std::exp(m.below[b]), median, median + above * std::exp(m.above[b])};
}

std::vector<std::vector<Quantiles>> Contest::forecast(const OriginForecasts& f) const {
  const auto medians = with_combination(f);
  std::vector<std::vector<Quantiles>> all(medians.size());
  for (size_t m = 0; m < medians.size(); ++m) {
    for (size_t s = 0; s < layout_.steps; ++s) all[m].push_back(band(methods_[m], s, medians[m][s], f));
  }
  return all;
}

void Contest::absorb(const OriginForecasts& f, std::span<const double> actual) {
  const auto forecasts = forecast(f);
  for (size_t m = 0; m < methods_.size(); ++m) {
    auto& method = methods_[m];
    Buckets error{}, low{}, high{}, count{};
    for (size_t s = 0; s < actual.size(); ++s) {
      const auto& q = forecasts[m][s];
      if (!std::isfinite(actual[s]) || !std::isfinite(q.p50)) continue;
      const size_t b = bucket(s);
      error[b] += std::abs(actual[s] - q.p50), low[b] += actual[s]<q.p10, high[b] += actual[s]> q.p90, ++count[b];
    }
    for (size_t b = 0; b < kBuckets; ++b) {
      if (count[b] == 0) continue;
      const double mass = kKeep * method.mass[b] + 1 - kKeep;
      method.error[b] = (kKeep * method.mass[b] * method.error[b] + (1 - kKeep) * error[b] / count[b]) / mass;
      method.mass[b] = mass;
      const auto move = [&](double& log, double missed) {
        log = std::clamp(log + kBandRate * (missed / count[b] - 0.1), -kBandReach, kBandReach);
      };
      move(method.below[b], low[b]), move(method.above[b], high[b]);
    }
  }
}

size_t Contest::index_of(std::string_view name) const {
  return static_cast<size_t>(
      std::find_if(methods_.begin(), methods_.end(), [&](const Method& m) { return m.name == name; }) -
      methods_.begin());
}

size_t Contest::best() const {
  const auto total = [&](size_t m) {
    double sum = 0;
    for (size_t b = 0; b < kBuckets; ++b) {
      if (methods_[m].mass[b] > 0) sum += methods_[m].error[b];
      // A method that is silent where the combination speaks cannot be the best.
      else if (methods_.back().mass[b] > 0)
        return std::numeric_limits<double>::infinity();
    }
    return sum;
  };
  size_t best = methods_.size() - 1;
  double least = total(best) * kClearlyBetter;
  for (size_t m = 0; m + 1 < methods_.size(); ++m) {
    if (total(m) < least) least = total(m), best = m;
  }
  return best;
}

}  // namespace mps::forecast
