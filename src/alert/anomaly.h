#pragma once

namespace mps::alert {

// A band that holds 99 % of the outcomes, from the quantiles of a forecast.
struct Band {
  double low = 0, high = 0;
};

// The forecast knows 10, 50 and 90 %; each side is stretched as the normal distribution's tail is.
Band band99(double p10, double p50, double p90);

// How far the value is outside of the band: positive outside, zero or negative inside.
double outside(const Band& band, double value);

}  // namespace mps::alert
