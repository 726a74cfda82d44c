#pragma once

#include <string>
#include <vector>

#include "service/forecasts.h"

namespace mps::app {

// A table for people: a block per resource, a row per step.
std::string forecast_text(const std::vector<service::ForecastView>& views);

// {"server", "forecasts": [{"resource", "unit", "origin", "step_s", "method", "mae", "rmse", "mase", "coverage80",
// "scored", "seasonal_naive": {"mae", "rmse"}, "methods": [...], "note", "steps": [{"time", "p10", "p50", "p90"}]}]},
// one line.
std::string forecast_json(const std::string& server, const std::vector<service::ForecastView>& views);

}  // namespace mps::app
