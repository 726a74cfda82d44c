#include "service/forecast_views.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "chart/chart.h"
#include "service/scene_units.h"
#include "service/server_day.h"

namespace mps::service {
namespace {

using namespace std::chrono_literals;

constexpr Duration kGrowthSeen = std::chrono::days(28), kGrowthShown = std::chrono::days(14),
                   kGrowthAhead = std::chrono::days(7);
constexpr double kLevelStep = 0.25;  // percent
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr Duration kNearMidnight = 12h;  // a forecast of the day was made this near to its beginning

chart::TimeSeriesScene empty_scene(const ForecastOrder& order, std::string_view instance, TimeRange shown) {
  chart::TimeSeriesScene scene;
  scene.title = fmt::format("{}: {}", order.server.name, order.words->title_of(*order.resource, instance));
  scene.subtitle = fmt::format("{} - {}, {}", order.words->moment(shown.from, order.zone),
                               order.words->moment(shown.to, order.zone), order.zone.name());
  scene.unit = order.resource->unit;
  scene.threshold = order.resource->alert_above;
  scene.zone = order.zone;
  scene.words = order.words->chart;
  return scene;
}

std::string errors_text(const ForecastOrder& order, const std::string& method, double mae, double rmse) {
  const auto value = [&](double error) { return order.words->value(error, order.resource->unit); };
  return fmt::format("{}: MAE {}, RMSE {}", order.words->method_of(method), value(mae), value(rmse));
}

chart::ForecastOverlay overlay_of_steps(const forecast::Prediction& prediction) {
  chart::ForecastOverlay overlay;
  overlay.grid = {prediction.origin, prediction.step, prediction.steps.size()};
  for (const forecast::Quantiles& step : prediction.steps) {
    overlay.median.push_back(step.p50);
    overlay.band80.low.push_back(step.p10);
    overlay.band80.high.push_back(step.p90);
  }
  return overlay;
}

double newest_of(const Column& column) {
  for (auto value = column.values.rbegin(); value != column.values.rend(); ++value) {
    if (std::isfinite(*value)) return *value;
  }
  return kUnknown;
}

// The highest level that is reached by then.
double reached(const std::vector<forecast::Crossing>& levels, std::optional<Duration> forecast::Crossing::*when,
               Duration by, double now) {
  double highest = now;
  for (const forecast::Crossing& level : levels) {
    if (level.*when && *(level.*when) <= by) highest = std::max(highest, level.level);
  }
  return highest;
}

// The times at which the levels above today's are crossed, turned into a line.
std::optional<chart::ForecastOverlay> growth_overlay(const Frame& hourly, const Column& column, double used) {
  std::vector<double> levels;
  for (double level = used + kLevelStep; level <= 100; level += kLevelStep) levels.push_back(level);
  if (levels.empty()) return std::nullopt;
  const auto crossings = forecast::days_to_full(hourly.grid, column.values, levels);
  if (!crossings.front().expected) return std::nullopt;
  chart::ForecastOverlay overlay;
  overlay.grid = {hourly.grid.end(), 1h, static_cast<size_t>(kGrowthAhead / 1h)};
  for (size_t i = 0; i < overlay.grid.size; ++i) {
    const Duration by = 1h * static_cast<int64_t>(i + 1);
    overlay.median.push_back(reached(crossings, &forecast::Crossing::expected, by, used));
    overlay.band80.high.push_back(reached(crossings, &forecast::Crossing::earliest, by, used));
    overlay.band80.low.push_back(reached(crossings, &forecast::Crossing::latest, by, used));
  }
  return overlay;
}

bool is_full_before(const Growth& a, const Growth& b) {
  const auto when = [](const Growth& g) { return g.full.expected.value_or(Duration::max()); };
  return when(a) != when(b) ? when(a) < when(b) : a.used > b.used;
}

Frame last_part(const Frame& frame, const std::string& instance, Duration span) {
  Frame part{frame.grid, {}};
  const auto rows = std::min(frame.grid.size, static_cast<size_t>(span / frame.grid.step));
  const size_t skipped = frame.grid.size - rows;
  part.grid = {frame.grid.time_at(skipped), frame.grid.step, rows};
  for (const Column& column : frame.columns) {
    if (column.name == instance)
      part.columns.push_back({"", {column.values.begin() + static_cast<std::ptrdiff_t>(skipped), column.values.end()}});
  }
  return part;
}

// Several days' forecasts in a row; NaN where a day has none.
struct Chain {
  catalog::DayForecast forecast;
  size_t days = 0;
};

Result<Chain> chain_of(const DayForecasts& forecasts, const ForecastOrder& order, Timestamp now, size_t days) {
  Chain chain;
  // Days from midnight to midnight, the last one first.
  Timestamp end = now;
  std::vector<catalog::DayForecast> found;
  for (size_t i = 0; i < days; ++i) {
    MPS_TRY(const TimeRange day, local_day(order.zone, yesterday(order.zone, end)));
    MPS_TRY(const auto near, forecasts.made_near(order.server.id, day.from, kNearMidnight));
    for (const auto& each : near) {
      if (each.resource == order.resource->name && each.origin < day.to) found.push_back(each);
    }
    end = day.from + 1s;
  }
  if (found.empty()) return Error{ErrorCode::kNotFound, "no forecast was put aside for that time"};
  chain.days = found.size();
  chain.forecast = found.back();
  auto& steps = chain.forecast.steps;
  for (auto next = found.rbegin() + 1; next != found.rend(); ++next) {
    const auto at = static_cast<size_t>((next->origin - chain.forecast.origin) / chain.forecast.step);
    if (next->step != chain.forecast.step) continue;
    steps.resize(at, {kUnknown, kUnknown, kUnknown});
    steps.insert(steps.end(), next->steps.begin(), next->steps.end());
  }
  return chain;
}

}  // namespace

Result<ForecastPicture> draw_forecast(const Query& query, const Forecasts& forecasts, const ForecastOrder& order,
                                      Duration horizon) {
  MPS_TRY(ForecastView view, forecasts.forecast(order.server.id, *order.resource, horizon));
  const forecast::Prediction& prediction = view.prediction;
  MPS_TRY(const Frame frame, query.frame(order.server.id, *order.resource,
                                         {prediction.origin - horizon * 2, prediction.origin}, prediction.step));
  auto scene = empty_scene(order, "", {prediction.origin, prediction.origin + horizon});
  scene.grid = frame.grid;
  if (!frame.columns.empty()) scene.lines.push_back({"", frame.columns.front().values});
  scene.forecast = overlay_of_steps(prediction);
  scene.now = prediction.origin;
  if (prediction.score.count > 0)
    scene.corner = errors_text(order, prediction.method, prediction.score.mae, prediction.score.rmse);
  if (prediction.seasonal_naive.count > 0) {
    scene.corner += "  ·  " + errors_text(order, "seasonal naive (day)", prediction.seasonal_naive.mae,
                                          prediction.seasonal_naive.rmse);
  }
  show_in(scene, order.words->units);
  MPS_TRY(std::string png, chart::to_png(scene));
  return ForecastPicture{std::move(png), std::move(view)};
}

Result<GrowthPicture> draw_growth(const Query& query, const ForecastOrder& order, Timestamp now) {
  MPS_TRY(const Frame hourly, query.frame(order.server.id, *order.resource, {now - kGrowthSeen, now}, 1h));
  GrowthPicture picture;
  for (const Column& column : hourly.columns) {
    const double used = newest_of(column);
    if (!std::isfinite(used)) continue;
    const double full = 100;
    picture.growth.push_back(
        {column.name, used, forecast::days_to_full(hourly.grid, column.values, std::span(&full, 1)).front()});
  }
  if (picture.growth.empty())
    return Error{ErrorCode::kNotFound,
                 fmt::format("{} has not sent {} lately", order.server.name, order.resource->title)};
  std::ranges::stable_sort(picture.growth, is_full_before);
  const Growth& first = picture.growth.front();
  const Frame shown = last_part(hourly, first.instance, kGrowthShown);
  const auto column = std::ranges::find(hourly.columns, first.instance, &Column::name);
  auto ahead = growth_overlay(hourly, *column, first.used);
  auto scene = empty_scene(order, first.instance, {shown.grid.start, ahead ? ahead->grid.end() : shown.grid.end()});
  scene.grid = shown.grid;
  scene.lines.push_back({"", shown.columns.front().values});
  scene.forecast = std::move(ahead);
  scene.now = now;
  show_in(scene, order.words->units);
  MPS_TRY(picture.png, chart::to_png(scene));
  return picture;
}

Result<CheckedForecast> draw_check(const Query& query, const DayForecasts& forecasts, const ForecastOrder& order,
                                   Timestamp now, size_t days) {
  MPS_TRY(const Chain chain, chain_of(forecasts, order, now, days));
  const catalog::DayForecast& forecast = chain.forecast;
  const TimeRange range{forecast.origin, forecast.origin + forecast.step * static_cast<int64_t>(forecast.steps.size())};
  MPS_TRY(const Frame outcome, query.frame(order.server.id, *order.resource, range, forecast.step));
  MPS_TRY(const Frame before,
          query.frame(order.server.id, *order.resource, {range.from - 24h, range.to - 24h}, forecast.step));
  if (outcome.columns.empty()) return Error{ErrorCode::kNotFound, "nothing came in that time"};
  const std::vector<double> none;
  CheckedForecast checked{"",
                          check_forecast(forecast, outcome.columns.front().values,
                                         before.columns.empty() ? none : before.columns.front().values),
                          forecast.origin, chain.days};
  if (checked.check.steps == 0) return Error{ErrorCode::kNotFound, "nothing came in that time"};
  auto scene = empty_scene(order, "", range);
  scene.grid = outcome.grid;
  scene.lines.push_back({"", outcome.columns.front().values});
  chart::ForecastOverlay overlay{{forecast.origin, forecast.step, forecast.steps.size()}, {}, {}, {}};
  for (const auto& step : forecast.steps) {
    overlay.median.push_back(step.p50);
    overlay.band80.low.push_back(step.p10);
    overlay.band80.high.push_back(step.p90);
  }
  scene.forecast = std::move(overlay);
  scene.corner = errors_text(order, checked.check.method, checked.check.mae, checked.check.rmse);
  if (std::isfinite(checked.check.naive_mae))
    scene.corner +=
        "  ·  " + errors_text(order, "seasonal naive (day)", checked.check.naive_mae, checked.check.naive_rmse);
  show_in(scene, order.words->units);
  MPS_TRY(checked.png, chart::to_png(scene));
  return checked;
}

}  // namespace mps::service
