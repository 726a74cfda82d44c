#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.h"

// What a forecast is, and how good it is: plain values, no I/O.
namespace mps::forecast {

inline constexpr Duration kHour = std::chrono::hours(1);
inline constexpr Duration kDay = std::chrono::hours(24);
inline constexpr Duration kFineStep = std::chrono::minutes(5);     // the grid of histories, and of the 1 h horizon
inline constexpr Duration kCoarseStep = std::chrono::minutes(30);  // the grid of the 24 h horizon

// 10, 50 and 90 percent of the outcomes are expected to lie below; p10 <= p50 <= p90. p10..p90 is the 80 % band.
struct Quantiles {
  double p10 = 0, p50 = 0, p90 = 0;
};

// Errors of the median over a hold-out that the scored method was not fitted on, in the resource's unit.
struct Score {
  double mae = 0;   // mean absolute error
  double rmse = 0;  // root of the mean squared error
  double mase = 0;  // mae over that of "the same as a day ago, one step at a time" before the hold-out; 0: unknown
  double coverage80 = 0;  // share of outcomes inside the band, 0..1
  size_t count = 0;       // scored points (origins x steps with a known outcome); 0: nothing could be scored
};

struct Scored {
  std::string method;
  Score score;
};

// One resource of one server.
struct Prediction {
  std::string resource;          // as the column of the history is named
  Timestamp origin;              // the first instant that is not known: steps[0] covers [origin, origin + step)
  Duration step{};               // kFineStep for an hour ahead, kCoarseStep for a day ahead
  std::vector<Quantiles> steps;  // 12 or 48
  std::string method;            // what made it: "lstm", "combination", "seasonal naive (day)", ...
  Score score;                   // of `method`
  Score seasonal_naive;          // of "the same as a day ago", on the same hold-out
  std::vector<Scored> all;       // every method that was tried, best MAE first
  std::string note;              // a sentence for people, where there is something to say (too little history)
};

}  // namespace mps::forecast
