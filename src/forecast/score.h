#pragma once

#include <cstddef>
#include <span>

#include "forecast/prediction.h"

namespace mps::forecast {

// Adds up errors; a NaN outcome or forecast is not scored.
class ScoreSum {
 public:
  void add(const Quantiles& forecast, double actual);

  // naive_error: what MASE divides by; 0: unknown.
  Score score(double naive_error) const;
  double mae() const { return mean(absolute_); }
  double width80() const { return mean(width_); }
  double pinball() const { return mean(pinball_); }  // mean over the three quantiles
  size_t count() const { return count_; }
  size_t inside() const { return inside_; }

 private:
  double mean(double sum) const { return count_ > 0 ? sum / static_cast<double>(count_) : 0; }
  double absolute_ = 0, squares_ = 0, width_ = 0, pinball_ = 0;
  size_t count_ = 0, inside_ = 0;
};

// The mean error of "the same as a period ago" over the known cells: MASE's denominator (Hyndman and Koehler, 2006).
double seasonal_error(std::span<const double> values, size_t period);

}  // namespace mps::forecast
