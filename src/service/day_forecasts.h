#pragma once

#include <stop_token>
#include <vector>

#include "base/time_zone.h"
#include "catalog/day_forecasts.h"
#include "catalog/opinions.h"
#include "service/forecasts.h"
#include "service/servers.h"

namespace mps::service {

// Forecasts of a day ahead, put aside at each local midnight, so that they can be held against what came. A forecast
// made again later would know the answer. Thread-safe.
class DayForecasts {
 public:
  DayForecasts(catalog::Database& database, const Forecasts& forecasts, const Servers& servers, Clock& clock,
               TimeZone zone);

  // The loop. A start without a forecast of this day makes one at once.
  void run(std::stop_token stop);
  // Puts aside what is forecast now, of every server. Returns how many forecasts that are.
  Result<size_t> keep_all(std::stop_token stop = {});

  // What was said about the time around `range`: per resource the forecast whose origin is nearest to its start, if any
  // is within `reach`.
  Result<std::vector<catalog::DayForecast>> made_near(ServerId server, Timestamp origin, Duration reach) const;

  // What somebody thinks of a forecast that was put aside, now that it is known what came.
  Result<void> note_opinion(ServerId server, const Resource& resource, Timestamp origin, int64_t user, bool was_right);
  Result<catalog::Opinions::Count> opinions(ServerId server, const Resource& resource) const;

 private:
  Timestamp next_time();

  mutable catalog::DayForecasts rows_;
  mutable catalog::Opinions opinions_;
  const Forecasts& forecasts_;
  const Servers& servers_;
  Clock& clock_;
  TimeZone zone_;
};

// How good a forecast turned out to be.
struct ForecastCheck {
  const Resource* resource = nullptr;
  std::string method;
  double mae = 0, rmse = 0;              // in the resource's unit
  double naive_mae = 0, naive_rmse = 0;  // of "the same as 24 hours before", on the same steps; NaN: unknown
  double inside = 0;                     // share of outcomes inside the 80 % band, 0..1
  size_t steps = 0;                      // scored; 0: nothing could be
};

// outcome, day_before: means on the forecast's grid and on the same grid 24 hours earlier; NaN: unknown.
ForecastCheck check_forecast(const catalog::DayForecast& forecast, const std::vector<double>& outcome,
                             const std::vector<double>& day_before);

}  // namespace mps::service
