#include "forecast/evaluate.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace mps::forecast {

FittedBaselines fit_baselines(const Layout& layout, std::span<const double> past) {
  return {fit_ridge(layout, past), fit_ets(layout, past)};
}

std::vector<std::unique_ptr<Baseline>> make_baselines(const Layout& layout, const FittedBaselines& fitted) {
  auto all = simple_baselines(layout);
  all.push_back(make_ridge(layout, fitted.ridge));
  all.push_back(make_ets(layout, fitted.ets));
  return all;
}

std::vector<std::string> method_names(const std::vector<std::unique_ptr<Baseline>>& baselines, bool network) {
  std::vector<std::string> names;
  for (const auto& b : baselines) names.emplace_back(b->name());
  if (network) names.emplace_back(kLstm);
  return names;
}

std::vector<size_t> origins_in(const SeriesFeatures& series, size_t from, size_t to) {
  std::vector<size_t> origins;
  const Duration every = series.layout.step * static_cast<int64_t>(series.layout.origin_every);
  for (size_t first = std::max<size_t>(from, 1); first < std::min(to, series.cells() + 1); ++first) {
    const bool on_the_hour = series.grid.time_at(first).time_since_epoch() % every == Duration::zero();
    if (on_the_hour && std::isfinite(series.last[first - 1])) origins.push_back(first - 1);
  }
  return origins;
}

std::vector<OriginForecasts> forecasts_at(const SeriesFeatures& series, std::span<const size_t> origins,
                                          const std::vector<std::unique_ptr<Baseline>>& baselines,
                                          const Network<float>* network, LstmState* state) {
  std::vector<OriginQuantiles> quantiles;
  if (network != nullptr) quantiles = run(*network, series, origins, state);
  std::vector<OriginForecasts> all(origins.size());
  const size_t steps = series.layout.steps;
  for (const auto& b : baselines) {
    std::vector<std::vector<double>> medians(origins.size(), std::vector<double>(steps));
    b->forecast_at(series.values, origins, medians);
    for (size_t i = 0; i < origins.size(); ++i) all[i].medians.push_back(std::move(medians[i]));
  }
  for (size_t i = 0; i < origins.size(); ++i) {
    auto& f = all[i];
    f.origin = origins[i];
    if (network == nullptr) continue;
    f.lstm = std::move(quantiles[i].steps);
    auto& median = f.medians.emplace_back();
    for (const auto& q : f.lstm) median.push_back(q.p50);
  }
  return all;
}

Quantiles within(const Bounds& bounds, Quantiles q) {
  const auto clamp = [&](double v) { return std::isnan(v) ? v : std::clamp(v, bounds.low, bounds.high); };
  return {clamp(q.p10), clamp(q.p50), clamp(q.p90)};
}

void walk(Contest& contest, const SeriesFeatures& series, std::span<const OriginForecasts> origins,
          const Bounds& bounds, size_t end, const EachOrigin& each) {
  struct Waiting {
    size_t origin;
    size_t absorbed;  // steps
    Contest::Made made;
  };
  const size_t steps = series.layout.steps;
  std::deque<Waiting> waiting;
  const auto absorb_until = [&](size_t known_end) {
    for (auto& w : waiting) {
      const size_t known = std::min(steps, known_end - w.origin - 1);
      contest.absorb(w.made, std::span(series.values).subspan(w.origin + 1, known), w.absorbed, known);
      w.absorbed = known;
    }
    while (!waiting.empty() && waiting.front().absorbed == steps) waiting.pop_front();
  };
  for (const auto& f : origins) {
    absorb_until(f.origin + 1);
    auto made = contest.forecast(f);
    for (auto& method : made) {
      for (auto& q : method) q = within(bounds, q);
    }
    each(f, made);
    waiting.push_back({f.origin, 0, std::move(made)});
  }
  absorb_until(std::min(end, series.cells()));
}

}  // namespace mps::forecast
