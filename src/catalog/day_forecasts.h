#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

// A forecast of a day ahead as it was made, kept to be held against what came.
struct DayForecast {
  ServerId server{};
  std::string resource;
  Timestamp origin;  // steps[0] covers [origin, origin + step)
  Duration step{};
  std::string method;
  struct Step {
    double p10 = 0, p50 = 0, p90 = 0;
  };
  std::vector<Step> steps;
};

class DayForecasts {
 public:
  explicit DayForecasts(Database& database) : database_(database) {}
  Result<void> keep(const DayForecast& forecast);  // replaces that of the same server, resource and origin
  // Those made within `range`, oldest first.
  Result<std::vector<DayForecast>> list(ServerId server, TimeRange range);
  Result<std::optional<Timestamp>> newest_origin();  // of any server
  Result<void> remove_before(Timestamp time);
  Result<void> remove_of(ServerId server);

 private:
  Database& database_;
};

}  // namespace mps::catalog
