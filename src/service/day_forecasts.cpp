#include "service/day_forecasts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/log.h"

namespace mps::service {
namespace {

constexpr Duration kKeptFor = std::chrono::days(15);
constexpr Duration kAfterMidnight = std::chrono::seconds(20);  // the last samples of the day are here

Timestamp midnight_before(const TimeZone& zone, Timestamp time) {
  // A local day has 23 to 25 hours; where a change skips midnight, it begins with the change.
  Timestamp midnight = zone.next_time_of_day(time - std::chrono::hours(26), std::chrono::minutes(0));
  for (;;) {
    const Timestamp next = zone.next_time_of_day(midnight + std::chrono::seconds(1), std::chrono::minutes(0));
    if (next > time) return midnight;
    midnight = next;
  }
}

}  // namespace

DayForecasts::DayForecasts(catalog::Database& database, const Forecasts& forecasts, const Servers& servers,
                           Clock& clock, TimeZone zone)
    : rows_(database),
      opinions_(database),
      forecasts_(forecasts),
      servers_(servers),
      clock_(clock),
      zone_(std::move(zone)) {}

Timestamp DayForecasts::next_time() {
  const Timestamp now = clock_.now();
  const auto newest = rows_.newest_origin();
  if (newest && (!*newest || **newest < midnight_before(zone_, now))) return now;
  return zone_.next_time_of_day(now, std::chrono::minutes(0)) + kAfterMidnight;
}

void DayForecasts::run(std::stop_token stop) {
  Timestamp next = next_time();
  while (clock_.sleep_until(next, stop)) {
    const Timestamp began = clock_.now();  // in a big fleet midnight may come meanwhile
    if (const auto kept = keep_all(stop); !kept) log::warn("forecasts can't be put aside: {}", kept.error().message);
    next = zone_.next_time_of_day(began, std::chrono::minutes(0)) + kAfterMidnight;
  }
}

Result<size_t> DayForecasts::keep_all(std::stop_token stop) {
  size_t count = 0;
  for (const Server& server : servers_.list()) {
    if (stop.stop_requested()) break;
    const auto views = forecasts_.forecast(server.id, forecast::kDay);
    if (!views) continue;  // too young, or silent: there is nothing to say
    for (const ForecastView& view : *views) {
      const forecast::Prediction& p = view.prediction;
      catalog::DayForecast kept{server.id, p.resource, p.origin, p.step, p.method, {}};
      for (const forecast::Quantiles& q : p.steps) kept.steps.push_back({q.p10, q.p50, q.p90});
      MPS_TRY_VOID(rows_.keep(kept));
      ++count;
    }
  }
  MPS_TRY_VOID(rows_.remove_before(clock_.now() - kKeptFor));
  return count;
}

Result<std::vector<catalog::DayForecast>> DayForecasts::made_near(ServerId server, Timestamp origin,
                                                                  Duration reach) const {
  MPS_TRY(auto all, rows_.list(server, {origin - reach, origin + reach + Duration(1)}));
  const auto distance = [&](const catalog::DayForecast& f) {
    return f.origin > origin ? f.origin - origin : origin - f.origin;
  };
  std::ranges::stable_sort(all, {}, distance);
  std::ranges::stable_sort(all, {}, &catalog::DayForecast::resource);
  const auto repeated = std::ranges::unique(all, {}, &catalog::DayForecast::resource);
  all.erase(repeated.begin(), repeated.end());
  return all;
}

Result<void> DayForecasts::note_opinion(ServerId server, const Resource& resource, Timestamp origin, int64_t user,
                                        bool was_right) {
  return opinions_.set({server, std::string(resource.name), origin, user, was_right, clock_.now()});
}

Result<catalog::Opinions::Count> DayForecasts::opinions(ServerId server, const Resource& resource) const {
  return opinions_.count(server, std::string(resource.name));
}

ForecastCheck check_forecast(const catalog::DayForecast& forecast, const std::vector<double>& outcome,
                             const std::vector<double>& day_before) {
  ForecastCheck check;
  check.resource = find_resource(forecast.resource);
  check.method = forecast.method;
  double error = 0, squares = 0, inside = 0, naive = 0, naive_squares = 0, naive_steps = 0;
  for (size_t i = 0; i < std::min(forecast.steps.size(), outcome.size()); ++i) {
    const auto& step = forecast.steps[i];
    if (!std::isfinite(outcome[i]) || !std::isfinite(step.p50)) continue;
    ++check.steps;
    const double e = outcome[i] - step.p50;
    error += std::abs(e), squares += e * e;
    inside += outcome[i] >= step.p10 && outcome[i] <= step.p90 ? 1 : 0;
    if (i >= day_before.size() || !std::isfinite(day_before[i])) continue;
    const double n = outcome[i] - day_before[i];
    ++naive_steps, naive += std::abs(n), naive_squares += n * n;
  }
  const auto steps = static_cast<double>(check.steps);
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  if (check.steps > 0)
    check.mae = error / steps, check.rmse = std::sqrt(squares / steps), check.inside = inside / steps;
  check.naive_mae = naive_steps > 0 ? naive / naive_steps : unknown;
  check.naive_rmse = naive_steps > 0 ? std::sqrt(naive_squares / naive_steps) : unknown;
  return check;
}

}  // namespace mps::service
