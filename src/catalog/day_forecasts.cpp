#include "catalog/day_forecasts.h"

#include <charconv>
#include <fmt/format.h>

#include "catalog/row.h"

namespace mps::catalog {
namespace {

// "41.5 43 44.25;..." : four digits are finer than any forecast.
std::string to_text(const std::vector<DayForecast::Step>& steps) {
  std::string text;
  for (const auto& step : steps) text += fmt::format("{:.4g} {:.4g} {:.4g};", step.p10, step.p50, step.p90);
  return text;
}

// What can't be read ends the list: it was not written here.
std::vector<DayForecast::Step> steps_from(const std::string& text) {
  std::vector<DayForecast::Step> steps;
  const char *at = text.data(), *end = at + text.size();
  const auto number = [&](double& value) {
    const auto [next, failure] = std::from_chars(at, end, value);
    at = next < end ? next + 1 : next;
    return failure == std::errc();
  };
  for (DayForecast::Step step; at < end && number(step.p10) && number(step.p50) && number(step.p90);)
    steps.push_back(step);
  return steps;
}

}  // namespace

Result<void> DayForecasts::keep(const DayForecast& forecast) {
  return guarded("keep the forecast", [&]() -> Result<void> {
    const long long server = to_db(forecast.server), origin = to_db(forecast.origin), step = to_db(forecast.step);
    const std::string steps = to_text(forecast.steps);
    database_.session().sql()
        << "INSERT INTO day_forecast (server, resource, origin, step, method, steps) "
           "VALUES (:server, :resource, :origin, :step, :method, :steps) "
           "ON CONFLICT (server, resource, origin) DO UPDATE SET step = excluded.step, method = excluded.method, "
           "steps = excluded.steps",
        soci::use(server), soci::use(forecast.resource), soci::use(origin), soci::use(step), soci::use(forecast.method),
        soci::use(steps);
    return {};
  });
}

Result<std::vector<DayForecast>> DayForecasts::list(ServerId server, TimeRange range) {
  return guarded("list the kept forecasts",
                 [&]() -> Result<std::vector<DayForecast>> {
                   auto session = database_.session();
                   const long long key = to_db(server), from = to_db(range.from), to = to_db(range.to);
                   const soci::rowset<soci::row> rows =
                       (session.sql().prepare
                            << "SELECT resource, origin, step, method, steps FROM day_forecast WHERE server = :server "
                               "AND origin >= :from AND origin < :to ORDER BY origin, resource",
                        soci::use(key), soci::use(from), soci::use(to));
                   std::vector<DayForecast> forecasts;
                   for (const soci::row& row : rows) {
                     forecasts.push_back({server, row.get<std::string>(0), time_from_db(get_integer(row, 1)),
                                          Duration(get_integer(row, 2)), row.get<std::string>(3),
                                          steps_from(row.get<std::string>(4))});
                   }
                   return forecasts;
                 });
}

Result<std::optional<Timestamp>> DayForecasts::newest_origin() {
  return guarded("find the newest kept forecast", [&]() -> Result<std::optional<Timestamp>> {
    auto session = database_.session();
    long long newest = 0;
    session.sql() << "SELECT coalesce(max(origin), 0) FROM day_forecast", soci::into(newest);
    return newest == 0 ? std::nullopt : std::optional(time_from_db(newest));
  });
}

Result<void> DayForecasts::remove_before(Timestamp time) {
  return guarded("remove old forecasts", [&]() -> Result<void> {
    const long long before = to_db(time);
    database_.session().sql() << "DELETE FROM day_forecast WHERE origin < :before", soci::use(before);
    return {};
  });
}

Result<void> DayForecasts::remove_of(ServerId server) {
  return guarded("remove the kept forecasts", [&]() -> Result<void> {
    const long long key = to_db(server);
    database_.session().sql() << "DELETE FROM day_forecast WHERE server = :server", soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
