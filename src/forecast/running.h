#pragma once

#include <cmath>
#include <cstddef>

#include "forecast/layout.h"

// Figures of a series that are moved on cell by cell.
namespace mps::forecast {

// Mean that forgets: halves the weight of the past every `half_life` samples, and counts from the first one fairly.
class FadingMean {
 public:
  explicit FadingMean(double half_life) : keep_(std::exp2(-1 / half_life)) {}
  void add(double value) {
    sum_ = keep_ * sum_ + (1 - keep_) * value;
    mass_ = keep_ * mass_ + (1 - keep_);
  }
  double mean(double otherwise) const { return mass_ > 0 ? sum_ / mass_ : otherwise; }

 private:
  double keep_, sum_ = 0, mass_ = 0;
};

// Mean of the known values in a window of cells.
class WindowMean {
 public:
  // leaving: the cell before the window; NaN where there is none.
  double add(double value, double leaving) {
    if (std::isfinite(value)) sum_ += value, ++count_;
    if (std::isfinite(leaving)) sum_ -= leaving, --count_;
    return count_ > 0 ? sum_ / static_cast<double>(count_) : kUnknown;
  }

 private:
  size_t count_ = 0;
  double sum_ = 0;
};

// The running level and spread around which inputs are scaled. They follow level shifts within about a day.
struct RunningScale {
  explicit RunningScale(double day) : level(day), spread(3 * day), step(day / 4) {}
  FadingMean level, spread, step;
};

}  // namespace mps::forecast
