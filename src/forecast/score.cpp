#include "forecast/score.h"

#include <cmath>

#include "forecast/kernels.h"

namespace mps::forecast {

void ScoreSum::add(const Quantiles& f, double actual) {
  const double error = actual - f.p50;
  if (!std::isfinite(error)) return;
  ++count_;
  absolute_ += std::abs(error);
  squares_ += error * error;
  if (f.p10 <= actual && actual <= f.p90) ++inside_;
  width_ += f.p90 - f.p10;
  pinball_ += (forecast::pinball(actual, f.p10, 0.1) + forecast::pinball(actual, f.p50, 0.5) +
               forecast::pinball(actual, f.p90, 0.9)) /
              3;
}

Score ScoreSum::score(double naive_error) const {
  Score s;
  s.mae = mae();
  s.rmse = std::sqrt(mean(squares_));
  s.mase = naive_error > 0 ? s.mae / naive_error : 0;
  s.coverage80 = mean(static_cast<double>(inside_));
  s.count = count_;
  return s;
}

double seasonal_error(std::span<const double> values, size_t period) {
  double sum = 0, count = 0;
  for (size_t i = period; i < values.size(); ++i) {
    const double e = std::abs(values[i] - values[i - period]);
    if (std::isfinite(e)) sum += e, ++count;
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace mps::forecast
