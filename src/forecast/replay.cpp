#include "forecast/replay.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "forecast/hygiene.h"
#include "forecast/model_parts.h"

namespace mps::forecast {
namespace {

// Who forecasts, and what is known of how well.
struct Cast {
  std::vector<std::unique_ptr<Baseline>> baselines;
  const Network<float>* network = nullptr;
  Contest contest;
  std::string method;  // shown; "" the best one by then
  std::vector<Scored> scores;
};

Cast cast_of(const Model* model, std::string_view resource, const Layout& layout) {
  if (model != nullptr) {
    const HorizonModel& horizon = model->parts().horizons[layout.horizon == kHour ? 0 : 1];
    if (const ResourceModel* known = horizon.find(resource)) {
      return {make_baselines(layout, known->baselines), &horizon.network, Contest(layout, known->contest),
              known->method, known->scores};
    }
  }
  auto simple = simple_baselines(layout);
  const auto names = method_names(simple, false);
  return {std::move(simple), nullptr, Contest(layout, names), "", {}};
}

std::vector<OriginForecasts> all_forecasts(const Cast& cast, const SeriesFeatures& series,
                                           const std::vector<size_t>& learnt, size_t first, Duration every) {
  std::vector<size_t> origins = learnt;
  for (size_t cell = std::max<size_t>(first, 1); cell <= series.cells(); ++cell) {
    const bool asked = series.grid.time_at(cell).time_since_epoch() % every == Duration::zero();
    if (asked && std::isfinite(series.last[cell - 1])) origins.push_back(cell - 1);
  }
  std::sort(origins.begin(), origins.end());
  origins.erase(std::unique(origins.begin(), origins.end()), origins.end());
  return forecasts_at(series, origins, cast.baselines, cast.network);
}

std::vector<Quantiles> shown_steps(const Contest::Made& made, size_t shown, const Bounds& bounds, double last) {
  std::vector<Quantiles> steps = made[shown];
  for (size_t s = 0; s < steps.size(); ++s) {
    if (!std::isfinite(steps[s].p50)) steps[s] = made.back()[s];
    if (!std::isfinite(steps[s].p50)) steps[s] = {last, last, last};
    steps[s] = within(bounds, steps[s]);
  }
  return steps;
}

}  // namespace

Result<std::vector<Prediction>> replay(const Model* model, const Frame& history, std::string_view resource,
                                       Duration horizon, Timestamp from, Duration every) {
  MPS_TRY(const Layout layout, layout_for(horizon));
  if (history.grid.step != kFineStep || every <= Duration::zero() || every % layout.step != Duration::zero())
    return Error{ErrorCode::kInvalidArgument, "forecasts are replayed on a 5-minute grid, at multiples of their cells"};
  const auto column =
      std::find_if(history.columns.begin(), history.columns.end(), [&](const Column& c) { return c.name == resource; });
  if (column == history.columns.end() || known_count(column->values) == 0)
    return Error{ErrorCode::kNotEnoughData, fmt::format("nothing is known of {} yet", resource)};
  auto cells = regrid(history.grid, without_frozen(column->values, kFineStep), layout.step);
  const SeriesFeatures series = make_features(layout, cells.grid, std::move(cells.values), resource);
  size_t first = 0;
  while (first <= series.cells() && series.grid.time_at(first) < from) ++first;
  Cast cast = cast_of(model, resource, layout);
  const size_t warm_up = cast.network == nullptr ? layout.week : 0;
  const auto learnt = origins_in(series, first - std::min(first, warm_up), series.cells() + 1);
  const auto forecasts = all_forecasts(cast, series, learnt, first, every);
  std::vector<OriginForecasts> lessons;
  for (const OriginForecasts& each : forecasts) {
    if (std::binary_search(learnt.begin(), learnt.end(), each.origin)) lessons.push_back(each);
  }
  const Bounds bounds = bounds_of(resource);
  std::vector<Prediction> replayed;
  std::vector<ScoreSum> sums(cast.contest.methods().size());
  size_t next = 0, lesson = 0;
  // All that is asked for up to cell `end`, with what the contest knows now.
  const auto say_until = [&](size_t end) {
    for (; next < forecasts.size() && forecasts[next].origin < end; ++next) {
      if (forecasts[next].origin + 1 < first) continue;
      const auto made = cast.contest.forecast(forecasts[next]);
      const size_t shown = cast.method.empty() ? cast.contest.best() : cast.contest.index_of(cast.method);
      Prediction p;
      p.resource = resource, p.step = layout.step;
      p.origin = series.grid.time_at(forecasts[next].origin + 1);
      p.method = cast.contest.methods()[shown].name;
      p.steps = shown_steps(made, shown, bounds, series.last[forecasts[next].origin]);
      p.score = score_of(cast.scores, p.method);
      replayed.push_back(std::move(p));
    }
  };
  walk(cast.contest, series, lessons, bounds, series.cells(), [&](const OriginForecasts& f, const Contest::Made& made) {
    ++lesson;
    say_until(lesson < lessons.size() ? lessons[lesson].origin : series.cells());
    for (size_t m = 0; m < made.size(); ++m) {
      for (size_t s = 0; s < layout.steps && f.origin + 1 + s < series.cells(); ++s)
        sums[m].add(made[m][s], series.values[f.origin + 1 + s]);
    }
  });
  say_until(series.cells());
  if (cast.network != nullptr) return replayed;
  const double naive_error = seasonal_error(series.values, layout.day);
  for (size_t m = 0; m < sums.size(); ++m)
    cast.scores.push_back({cast.contest.methods()[m].name, sums[m].score(naive_error)});
  for (Prediction& p : replayed) p.score = score_of(cast.scores, p.method);
  return replayed;
}

}  // namespace mps::forecast
