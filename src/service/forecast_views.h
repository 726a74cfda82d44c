#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forecast/days_to_full.h"
#include "service/day_forecasts.h"
#include "service/report_words.h"

// What people are shown of forecasts: of the hour and the day ahead, of growth over a week, and of those that were
// made before, beside what came. PNGs in the words of a language. Thread-safe.
namespace mps::service {

struct ForecastOrder {
  Server server;
  const Resource* resource = nullptr;
  TimeZone zone;
  const ReportWords* words = nullptr;
};

struct ForecastPicture {
  std::string png;
  ForecastView view;
};
// History, median and 80 % band, method and errors in the corner. `horizon` as of Forecasts. Fails like it.
Result<ForecastPicture> draw_forecast(const Query& query, const Forecasts& forecasts, const ForecastOrder& order,
                                      Duration horizon);

// How fast something of which there are several, such as a mount point, grows.
struct Growth {
  std::string instance;
  double used = 0;          // now, in percent
  forecast::Crossing full;  // 100 %; from now on
};
struct GrowthPicture {
  std::string png;             // two weeks, and the week to come, of the one that is full first
  std::vector<Growth> growth;  // of all, those that are full first at the front, then the fullest
};
// Of resources of which each instance is of its own. kNotFound where the server never sent it, kNotEnoughData where it
// is silent now.
Result<GrowthPicture> draw_growth(const Query& query, const ForecastOrder& order, Timestamp now);

struct CheckedForecast {
  std::string png;
  ForecastCheck check;
  Timestamp origin;  // of the first of them
  size_t days = 0;   // how many forecasts of a day these are
};
// The forecasts that were put aside at the beginnings of the `days` days that ended last, beside what came. kNotFound
// where none was, or nothing came.
Result<CheckedForecast> draw_check(const Query& query, const DayForecasts& forecasts, const ForecastOrder& order,
                                   Timestamp now, size_t days);

}  // namespace mps::service
