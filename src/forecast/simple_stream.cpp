#include "forecast/simple_stream.h"

#include <cmath>

namespace mps::forecast {
namespace {

double finite_or(double value, double otherwise) {
  return std::isfinite(value) ? value : otherwise;
}

}  // namespace

SimpleStream::SimpleStream(const Layout& layout, const FittedBaselines& fitted, std::span<const double> known,
                           size_t cells)
    : cells_(cells + layout.steps), ets_(EtsSmoother(layout.day, fitted.ets, known).excerpt(cells_)) {
  // The methods of the same time look back a day or more, so that what they say of a cell does not change until it
  // comes: they are asked once, for all cells.
  const auto simple = simple_baselines(layout);
  std::vector<double> row(cells_);
  values_.reserve(kRows * cells_);
  for (const size_t method : {2, 3, 4}) {
    simple[method]->forecast(known, row);
    values_.insert(values_.end(), row.begin(), row.end());
  }
  for (const size_t back : {2 * layout.day, 2 * layout.week}) {
    for (size_t i = 0; i < cells_; ++i) {
      const size_t target = known.size() + i;
      values_.push_back(static_cast<float>(target >= back ? known[target - back] : kUnknown));
    }
  }
}

RidgeOrigin SimpleStream::ridge_origin(const SeriesFeatures& f, size_t t) const {
  RidgeOrigin o;
  o.last = f.last[t];
  double previous = o.last;
  for (size_t j = 0; j < kRidgeLags.size(); ++j) {
    if (t >= kRidgeLags[j]) previous = finite_or(f.values[t - kRidgeLags[j]], previous);
    o.lags[j] = previous;
  }
  o.recent = finite_or(f.recent[t], o.last), o.day_mean = finite_or(f.day_mean[t], o.last);
  o.day_ago = f.day[t], o.week_ago = f.week[t];
  return o;
}

void SimpleStream::forecast(const FittedBaselines& fitted, const SeriesFeatures& f, size_t t,
                            std::span<double> medians) const {
  const size_t steps = f.layout.steps;
  const RidgeOrigin origin = ridge_origin(f, t);
  for (size_t s = 0; s < steps; ++s) {
    const size_t i = t + 1 + s;
    medians[s] = origin.last;
    medians[steps + s] = origin.recent;
    for (const Row row : {kDay, kWeek, kMean7}) medians[(2 + row) * steps + s] = at(row, s);
    const RidgeTarget target{f.day[i], at(kTwoDays, s), f.week[i], at(kTwoWeeks, s), f.mean7[i]};
    medians[5 * steps + s] = ridge_forecast(fitted.ridge, s, origin, target);
    medians[6 * steps + s] = ets_.ahead(s);
  }
}

}  // namespace mps::forecast
