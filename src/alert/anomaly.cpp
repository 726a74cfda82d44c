#include "alert/anomaly.h"

#include <algorithm>

namespace mps::alert {
namespace {

constexpr double kStretch = 2.5758 / 1.2816;  // deviations of the 99.5 % quantile over those of the 90 % quantile

}  // namespace

Band band99(double p10, double p50, double p90) {
  return {p50 - kStretch * (p50 - p10), p50 + kStretch * (p90 - p50)};
}

double outside(const Band& band, double value) {
  return std::max(value - band.high, band.low - value);
}

}  // namespace mps::alert
