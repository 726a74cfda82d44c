#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "forecast/baselines.h"
#include "forecast/contest.h"
#include "forecast/fit.h"
#include "forecast/score.h"

// Methods over the history of one series: shared by training, prediction and backtest, so that all three mean the same.
namespace mps::forecast {

// What is fitted of a series besides the network.
struct FittedBaselines {
  RidgeCoefficients ridge;
  EtsConstants ets;
};
FittedBaselines fit_baselines(const Layout& layout, std::span<const double> past);
std::vector<std::unique_ptr<Baseline>> make_baselines(const Layout& layout, const FittedBaselines& fitted);
// Names in order, with the network's last where there is one.
std::vector<std::string> method_names(const std::vector<std::unique_ptr<Baseline>>& baselines, bool network);

// Indices of last known cells, such that the first cell after each lies in [from, to) and is on the hour (or third
// hour), and something is known by then.
std::vector<size_t> origins_in(const SeriesFeatures& series, size_t from, size_t to);

// What all methods say at each origin. network may be null; state: as of run().
std::vector<OriginForecasts> forecasts_at(const SeriesFeatures& series, std::span<const size_t> origins,
                                          const std::vector<std::unique_ptr<Baseline>>& baselines,
                                          const Network<float>* network, LstmState* state = nullptr);

// Walks through origins in time order: before each, the contest absorbs every outcome that is known by then; then
// `each` gets the forecasts of all methods within bounds. At the end whatever is known before cell `end` is absorbed.
using EachOrigin = std::function<void(const OriginForecasts&, const Contest::Made&)>;
void walk(Contest& contest, const SeriesFeatures& series, std::span<const OriginForecasts> origins,
          const Bounds& bounds, size_t end, const EachOrigin& each);

Quantiles within(const Bounds& bounds, Quantiles q);

}  // namespace mps::forecast
