#include "forecast/contest.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "forecast/baselines.h"

namespace mps::forecast {
namespace {

constexpr double kKeep = 0.99;           // of the fading mean, per origin: half of the memory is the last 69
constexpr double kKeepLately = 0.93;     // the last 10
constexpr double kPower = 14;            // weights are (judged error)^-kPower
constexpr double kNetworkShare = 4;      // the network's weight is so many times what its error says
constexpr double kBandRate = 0.15;       // how fast a band's half widens or narrows
constexpr double kBandReach = 4;         // logarithms stay within this
constexpr double kClearlyBetter = 0.75;  // a single method must be this much better than the combination

// Where there is a network, these only dilute: it has them as its bases.
bool combined(std::string_view method) {
  return method != "mean of the last hour" && method != kSeasonalNaive && method != "mean of 7 days";
}

}  // namespace

Contest::Contest(const Layout& layout, const std::vector<std::string>& methods) : layout_(layout) {
  for (const auto& name : methods) methods_.push_back({name, {}, {}, {}, {}, {}, {}});
  methods_.push_back({std::string(kCombination), {}, {}, {}, {}, {}, {}});
}

// Both memories count alike: who was good for long and still is.
double Contest::judged(const Method& m, size_t b) const {
  return std::sqrt(m.error[b] * m.lately[b]);
}

// Unmeasured methods keep out, unless nothing has been measured yet.
std::vector<double> Contest::weights(size_t b, const OriginForecasts& f, size_t step) const {
  const size_t count = f.medians.size();
  std::vector<double> weights(count);
  const auto speaks = [&](size_t m) {
    return std::isfinite(f.medians[m][step]) && (f.lstm.empty() || combined(methods_[m].name));
  };
  double least = std::numeric_limits<double>::infinity();
  for (size_t m = 0; m < count; ++m) {
    if (speaks(m) && methods_[m].mass[b] > 0) least = std::min(least, judged(methods_[m], b));
  }
  for (size_t m = 0; m < count; ++m) {
    if (!speaks(m)) continue;
    const double error = judged(methods_[m], b);
    if (!std::isfinite(least)) {
      weights[m] = 1;
    } else if (methods_[m].mass[b] > 0) {
      weights[m] = error > 0 ? std::pow(least / error, kPower) : 1;
    }
    if (methods_[m].name == kLstm) weights[m] *= kNetworkShare;
  }
  return weights;
}

std::vector<std::vector<double>> Contest::with_combination(const OriginForecasts& f) const {
  auto medians = f.medians;
  std::vector<double> combination(layout_.steps, std::nan(""));
  for (size_t s = 0; s < layout_.steps; ++s) {
    const auto weight = weights(bucket(s), f, s);
    double sum = 0, total = 0;
    for (size_t m = 0; m < weight.size(); ++m) {
      if (weight[m] > 0) sum += weight[m] * medians[m][s], total += weight[m];
    }
    if (total > 0) combination[s] = sum / total;
  }
  medians.push_back(std::move(combination));
  return medians;
}

Quantiles Contest::band(const Method& m, size_t s, double median, const OriginForecasts& f) const {
  const size_t b = bucket(s);
  // Without a network, twice the mean error on each side is about where a tenth of the outcomes lies beyond.
  double below = 2 * m.error[b], above = below;
  if (!f.lstm.empty()) below = f.lstm[s].p50 - f.lstm[s].p10, above = f.lstm[s].p90 - f.lstm[s].p50;
  return {median - below * std::exp(m.below[b]), median, median + above * std::exp(m.above[b])};
}

Contest::Made Contest::forecast(const OriginForecasts& f) const {
  const auto medians = with_combination(f);
  Made all(medians.size());
  for (size_t m = 0; m < medians.size(); ++m) {
    for (size_t s = 0; s < layout_.steps; ++s) all[m].push_back(band(methods_[m], s, medians[m][s], f));
  }
  return all;
}

void Contest::absorb(const Made& made, std::span<const double> actual, size_t from, size_t to) {
  for (size_t m = 0; m < methods_.size(); ++m) learn(methods_[m], made[m], actual, from, to);
}

void Contest::learn(Method& method, const std::vector<Quantiles>& made, std::span<const double> actual, size_t from,
                    size_t to) {
  Buckets error{}, low{}, high{}, count{};
  for (size_t s = from; s < to; ++s) {
    if (!std::isfinite(actual[s]) || !std::isfinite(made[s].p50)) continue;
    const size_t b = bucket(s);
    ++count[b];
    error[b] += std::abs(actual[s] - made[s].p50);
    low[b] += actual[s] < made[s].p10 ? 1 : 0;
    high[b] += actual[s] > made[s].p90 ? 1 : 0;
  }
  const double whole = static_cast<double>(layout_.steps) / kBuckets;
  for (size_t b = 0; b < kBuckets; ++b) {
    if (count[b] == 0) continue;
    const double part = count[b] / whole;  // of the bucket, so that the pace does not hang on how often this is called
    const auto fade = [&](double keep, double& mean, double& mass) {
      keep = std::pow(keep, part);
      const double before = keep * mass;
      mass = before + 1 - keep;
      mean = (before * mean + (1 - keep) * error[b] / count[b]) / mass;
    };
    fade(kKeep, method.error[b], method.mass[b]);
    fade(kKeepLately, method.lately[b], method.lately_mass[b]);
    const auto move = [&](double& log, double missed) {
      log = std::clamp(log + kBandRate * part * (missed / count[b] - 0.1), -kBandReach, kBandReach);
    };
    move(method.below[b], low[b]);
    move(method.above[b], high[b]);
  }
}

size_t Contest::index_of(std::string_view name) const {
  return static_cast<size_t>(
      std::find_if(methods_.begin(), methods_.end(), [&](const Method& m) { return m.name == name; }) -
      methods_.begin());
}

ContestExcerpt Contest::excerpt(size_t shown) const {
  ContestExcerpt e;
  e.shown_ = shown, e.methods_ = methods_.size() - 1;
  const OriginForecasts all_speak{0, std::vector<std::vector<double>>(e.methods_, {0.0}), {Quantiles{}}};
  const auto band_of = [](const Method& m) {
    ContestExcerpt::Band band;
    for (size_t b = 0; b < kBuckets; ++b) {
      band.below[b] = static_cast<float>(std::exp(m.below[b]));
      band.above[b] = static_cast<float>(std::exp(m.above[b]));
    }
    return band;
  };
  e.band_ = band_of(methods_[shown]), e.combination_band_ = band_of(methods_.back());
  for (size_t b = 0; b < kBuckets; ++b) {
    const auto of_bucket = weights(b, all_speak, 0);
    e.weights_.insert(e.weights_.end(), of_bucket.begin(), of_bucket.end());
  }
  return e;
}

void ContestExcerpt::forecast(std::span<const double> medians, std::span<const Quantiles> lstm,
                              std::span<Quantiles> out) const {
  const size_t steps = out.size();
  for (size_t s = 0; s < steps; ++s) {
    const size_t b = s * kBuckets / steps;
    double median = shown_ < methods_ ? medians[shown_ * steps + s] : std::nan("");
    const Band& band = std::isfinite(median) ? band_ : combination_band_;
    if (!std::isfinite(median)) {
      double sum = 0, total = 0;
      for (size_t m = 0; m < methods_; ++m) {
        const double weight = static_cast<double>(weights_[b * methods_ + m]), said = medians[m * steps + s];
        if (weight > 0 && std::isfinite(said)) sum += weight * said, total += weight;
      }
      median = total > 0 ? sum / total : lstm[s].p50;
    }
    out[s] = {median - (lstm[s].p50 - lstm[s].p10) * static_cast<double>(band.below[b]), median,
              median + (lstm[s].p90 - lstm[s].p50) * static_cast<double>(band.above[b])};
  }
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
