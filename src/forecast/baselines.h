#pragma once

#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "forecast/layout.h"

// Simple methods: what the LSTM has to beat, and what stands in for it where history is short. Each sees nothing but
// the cells up to its origin, so that none can look ahead.
namespace mps::forecast {

class Baseline {
 public:
  virtual ~Baseline() = default;
  virtual std::string_view name() const = 0;
  // known: all cells up to the origin, NaN where unknown, at least one known. out: layout.steps values; NaN where the
  // method has nothing to say (too little history).
  virtual void forecast(std::span<const double> known, std::span<double> out) const = 0;
  // The same at many origins of a series (ascending, each the index of the last known cell): out[i] is of origins[i].
  virtual void forecast_at(std::span<const double> values, std::span<const size_t> origins,
                           std::span<std::vector<double>> out) const {
    for (size_t i = 0; i < origins.size(); ++i) forecast(values.first(origins[i] + 1), out[i]);
  }
};

// "naive", "mean of the last hour", "seasonal naive (day)", "seasonal naive (week)",
// "mean of 7 days": nothing to fit. These five are the simple methods of the backtest.
std::vector<std::unique_ptr<Baseline>> simple_baselines(const Layout& layout);
inline constexpr std::string_view kSeasonalNaive = "seasonal naive (day)";

// "ridge": least squares with a penalty, one per step ahead, from lags, the same time of other days, and recent means.
// Fitted on `past`; empty when it is too short: a ridge that has nothing to say.
struct RidgeCoefficients {
  size_t steps = 0;
  std::vector<double> values;  // steps x kRidgeInputs
};
inline constexpr size_t kRidgeInputs = 18;
inline constexpr std::array<size_t, 8> kRidgeLags = {1, 2, 3, 4, 5, 6, 8, 11};
// What the forecasts of one origin share; values of other days are NaN where unknown.
struct RidgeOrigin {
  double last = 0;                               // the newest known value
  std::array<double, kRidgeLags.size()> lags{};  // values so many cells ago; where unknown, the next newer one
  double recent = 0, day_mean = 0;               // means of the last cells, `last` where nothing is known
  double day_ago = 0, week_ago = 0;              // values at the origin's time of day
};
// Values at the target's time of other days; NaN where unknown.
struct RidgeTarget {
  double day = 0, two_days = 0, week = 0, two_weeks = 0, mean7 = 0;
};
double ridge_forecast(const RidgeCoefficients& coefficients, size_t step, const RidgeOrigin& origin,
                      const RidgeTarget& target);
RidgeCoefficients fit_ridge(const Layout& layout, std::span<const double> past);

// The same in parts: learning all of it later costs what has come since.
class RidgeFit {
 public:
  explicit RidgeFit(const Layout& layout);
  ~RidgeFit();
  // `known` begins with what it was given before.
  void learn(std::span<const double> known);
  RidgeCoefficients coefficients() const;

 private:
  struct Sums;
  Layout layout_;
  size_t learnt_ = 0, origins_ = 0;
  std::unique_ptr<Sums> sums_;
};
std::unique_ptr<Baseline> make_ridge(const Layout& layout, RidgeCoefficients coefficients);

// "ets": exponential smoothing with additive errors, level and daily season (Hyndman's ETS(A,N,A)), smoothing
// constants chosen on `past`.
struct EtsConstants {
  double level = 0.3, season = 0.1;
};
EtsConstants fit_ets(const Layout& layout, std::span<const double> past);
// Level and daily season, moved on cell by cell; an unknown cell moves nothing.
class EtsSmoother {
 public:
  // Has gone through all of `known`.
  EtsSmoother(size_t day, EtsConstants constants, std::span<const double> known);
  // One whose season covers the next `cells` alone: add() and ahead() may reach so far, and no further.
  EtsSmoother excerpt(size_t cells) const;

  void add(double value) {
    double& season = season_[next_];
    if (++next_ == season_.size()) next_ = 0;
    if (!std::isfinite(value)) return;
    if (!started_) level_ = value, started_ = true;
    if (!std::isfinite(season)) {
      season = value - level_;
      level_ += constants_.level * 0.1 * season;
      return;
    }
    const double error = value - level_ - season;
    level_ += constants_.level * error;
    season += constants_.season * error;
  }
  // step: below that many cells as there are in a day.
  double ahead(size_t step) const {
    const size_t i = next_ + step;
    const double season = season_[i < season_.size() ? i : i - season_.size()];
    return level_ + (std::isfinite(season) ? season : 0);
  }
  size_t bytes() const { return sizeof(*this) + season_.capacity() * sizeof(double); }

 private:
  EtsSmoother() = default;
  EtsConstants constants_;
  std::vector<double> season_;
  size_t next_ = 0;  // place of the next cell in the season
  double level_ = 0;
  bool started_ = false;
};
std::unique_ptr<Baseline> make_ets(const Layout& layout, EtsConstants constants);

}  // namespace mps::forecast
