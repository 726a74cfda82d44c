#pragma once

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
RidgeCoefficients fit_ridge(const Layout& layout, std::span<const double> past);
std::unique_ptr<Baseline> make_ridge(const Layout& layout, RidgeCoefficients coefficients);

// "ets": exponential smoothing with additive errors, level and daily season (Hyndman's ETS(A,N,A)), smoothing
// constants chosen on `past`.
struct EtsConstants {
  double level = 0.3, season = 0.1;
};
EtsConstants fit_ets(const Layout& layout, std::span<const double> past);
std::unique_ptr<Baseline> make_ets(const Layout& layout, EtsConstants constants);

}  // namespace mps::forecast
