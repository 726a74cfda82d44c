#pragma once

#include <chrono>

#include "forecast/prediction.h"

// What service/forecasts.cpp and its renewal share.
namespace mps::service {

// What a forecast looks at: four weeks back from a day ahead.
inline constexpr Duration kForecastHistory = std::chrono::days(29);
inline constexpr Duration kCellArrival = std::chrono::seconds(15);  // until the last samples of a cell are here

inline Duration step_of(Duration horizon) {
  return horizon == forecast::kDay ? forecast::kCoarseStep : forecast::kFineStep;
}

}  // namespace mps::service
