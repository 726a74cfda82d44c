#pragma once

#include <string>
#include <vector>

#include "forecast/features.h"
#include "forecast/fit.h"
#include "metric/frame.h"

// What training one server and training a fleet share.
namespace mps::forecast {

struct TrainSeries {
  std::string resource;
  SeriesFeatures features;
  size_t fit_end = 0;  // where the hold-out begins
};

// Fails with kInvalidArgument unless the history lies on a 5-minute grid aligned to 1970, all columns as long as it.
Result<void> check_history(const Frame& history);

// The columns that have enough history for an LSTM, on the horizon's grid.
std::vector<TrainSeries> prepare(const Frame& history, const Layout& layout);

// kNotEnoughData, with how much is there and how much is needed.
Error too_little(const Frame& history);

// Up to the hold-outs, or all of it.
std::vector<FitSeries> fit_series(const std::vector<TrainSeries>& series, bool all);

}  // namespace mps::forecast
