#include "forecast/model.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>

#include "forecast/hygiene.h"
#include "forecast/model_parts.h"

namespace mps::forecast {
namespace {

Result<void> check_grid(const Frame& frame) {
  if (frame.grid.step != kFineStep || frame.grid.start.time_since_epoch() % kFineStep != Duration::zero()) {
    return Error{ErrorCode::kInvalidArgument, "forecasting takes histories on a 5-minute grid aligned to 1970"};
  }
  for (const auto& column : frame.columns) {
    if (column.values.size() != frame.grid.size) {
      return Error{ErrorCode::kInvalidArgument, "column " + column.name + " has another number of cells than the grid"};
    }
  }
  return {};
}

Prediction predict_one(const HorizonModel& horizon, const ResourceModel& model, const SeriesFeatures& series,
                       Timestamp trained_until) {
  Prediction p = without_steps(model);
  p.origin = series.grid.end(), p.step = horizon.layout.step;
  const size_t now = series.cells() - 1;
  const Contest contest(horizon.layout, model.contest);
  moved_on(horizon, model, series, trained_until, [&](const OriginForecasts& f, const Contest::Made& all) {
    if (f.origin == now) p.steps = shown(all, contest.index_of(model.method));
  });
  return p;
}

}  // namespace

size_t first_fresh(const Grid& grid, Timestamp trained_until) {
  size_t fresh = grid.size;
  while (fresh > 0 && grid.time_at(fresh) > trained_until) --fresh;
  return fresh;
}

size_t inputs_from(const Grid& grid, Timestamp trained_until) {
  const size_t first_origin = std::max<size_t>(first_fresh(grid, trained_until), 1) - 1;
  return first_origin - std::min(first_origin, kWarmUp);
}

Contest moved_on(const HorizonModel& horizon, const ResourceModel& resource, const SeriesFeatures& series,
                 Timestamp trained_until, const EachOrigin& each, LstmState* state) {
  const auto baselines = make_baselines(horizon.layout, resource.baselines);
  const size_t now = series.cells() - 1;
  auto origins = origins_in(series, first_fresh(series.grid, trained_until), series.cells());
  if (origins.empty() || origins.back() != now) origins.push_back(now);
  const auto forecasts = forecasts_at(series, origins, baselines, &horizon.network, state);
  Contest contest(horizon.layout, resource.contest);
  walk(contest, series, forecasts, bounds_of(resource.resource), series.cells(), each);
  return contest;
}

std::vector<Quantiles> shown(const Contest::Made& all, size_t method) {
  auto steps = all[method];
  for (size_t s = 0; s < steps.size(); ++s) {
    if (!std::isfinite(steps[s].p50)) steps[s] = all.back()[s];
  }
  return steps;
}

Prediction without_steps(const ResourceModel& resource) {
  Prediction p;
  p.resource = resource.resource, p.method = resource.method, p.all = resource.scores;
  p.score = score_of(p.all, p.method), p.seasonal_naive = score_of(p.all, kSeasonalNaive);
  return p;
}

const ResourceModel* HorizonModel::find(std::string_view resource) const {
  const auto it =
      std::find_if(resources.begin(), resources.end(), [&](const auto& r) { return r.resource == resource; });
  return it == resources.end() ? nullptr : &*it;
}

Score score_of(const std::vector<Scored>& scores, std::string_view method) {
  const auto it = std::find_if(scores.begin(), scores.end(), [&](const Scored& s) { return s.method == method; });
  return it == scores.end() ? Score{} : it->score;
}

const std::vector<std::string>& Model::resources() const {
  return parts_->resources;
}

TimeRange Model::trained_on() const {
  return parts_->trained_on;
}

std::vector<Scored> Model::scores(std::string_view resource, Duration horizon) const {
  for (const auto& h : parts_->horizons) {
    if (h.layout.horizon != horizon) continue;
    if (const auto* found = h.find(resource)) return found->scores;
  }
  return {};
}

Result<std::vector<Prediction>> Model::predict(const Frame& recent, Duration horizon) const {
  MPS_TRY(const auto layout, layout_for(horizon));
  MPS_TRY_VOID(check_grid(recent));
  const auto& model = parts_->horizons[horizon == kHour ? 0 : 1];
  std::vector<Prediction> all;
  for (const auto& column : recent.columns) {
    const auto* resource = model.find(column.name);
    if (resource == nullptr || known_count(column.values) == 0) continue;
    auto cells = regrid(recent.grid, without_frozen(column.values, kFineStep), layout.step);
    if (known_count(cells.values) == 0) continue;
    const size_t inputs = inputs_from(cells.grid, parts_->trained_on.to);
    const auto series = make_features(layout, cells.grid, std::move(cells.values), column.name, inputs);
    all.push_back(predict_one(model, *resource, series, parts_->trained_on.to));
  }
  if (all.empty()) {
    return Error{ErrorCode::kNotEnoughData, "nothing is known of any resource that the model was trained on"};
  }
  return all;
}

Result<Prediction> predict_baseline(const Frame& history, std::string_view resource, Duration horizon) {
  MPS_TRY(const auto layout, layout_for(horizon));
  MPS_TRY_VOID(check_grid(history));
  const auto column =
      std::find_if(history.columns.begin(), history.columns.end(), [&](const Column& c) { return c.name == resource; });
  if (column == history.columns.end()) {
    return Error{ErrorCode::kInvalidArgument, "the history has no column " + std::string(resource)};
  }
  auto cells = regrid(history.grid, column->values, layout.step);
  const size_t known = known_count(cells.values);
  if (known == 0) {
    return Error{ErrorCode::kNotEnoughData,
                 fmt::format("nothing is known of {} yet; one {}-minute value is needed for a first forecast", resource,
                             std::chrono::duration_cast<std::chrono::minutes>(layout.step).count())};
  }
  const auto series = make_features(layout, cells.grid, std::move(cells.values), resource);
  const auto baselines = simple_baselines(layout);
  Contest contest(layout, method_names(baselines, false));
  const size_t now = series.cells() - 1;
  const size_t from = series.cells() > layout.week ? series.cells() - layout.week : 1;
  auto origins = origins_in(series, from, series.cells());
  if (origins.empty() || origins.back() != now) origins.push_back(now);
  const auto forecasts = forecasts_at(series, origins, baselines, nullptr);
  std::vector<ScoreSum> sums(contest.methods().size());
  Prediction p;
  p.resource = resource, p.origin = series.grid.end(), p.step = layout.step;
  walk(contest, series, forecasts, bounds_of(resource), series.cells(),
       [&](const OriginForecasts& f, const Contest::Made& all) {
         for (size_t m = 0; m < all.size(); ++m) {
           for (size_t s = 0; s < layout.steps && f.origin + 1 + s < series.cells(); ++s) {
             sums[m].add(all[m][s], series.values[f.origin + 1 + s]);
           }
         }
         if (f.origin != now) return;
         const size_t best = contest.best();
         p.steps = all[best], p.method = contest.methods()[best].name;
       });
  if (sums.back().count() == 0 || !std::isfinite(p.steps.back().p50)) p.method = "naive";
  for (auto& q : p.steps) {
    if (!std::isfinite(q.p50)) q = {series.last[now], series.last[now], series.last[now]};
  }
  const double naive_error = seasonal_error(series.values, layout.day);
  for (size_t m = 0; m < sums.size(); ++m) {
    p.all.push_back({contest.methods()[m].name, sums[m].score(naive_error)});
  }
  p.score = score_of(p.all, p.method), p.seasonal_naive = score_of(p.all, kSeasonalNaive);
  std::erase_if(p.all, [](const Scored& s) { return s.score.count == 0; });
  std::stable_sort(p.all.begin(), p.all.end(), [](const auto& a, const auto& b) { return a.score.mae < b.score.mae; });
  const double known_hours = static_cast<double>(known) * std::chrono::duration<double>(layout.step).count() / 3600;
  p.note = known_hours >= 72
               ? fmt::format("Forecast by a simple method ({}): the model is not trained yet.", p.method)
               : fmt::format("Forecast by a simple method ({}): {:.1f} hours of {} are known, an LSTM needs 3 days.",
                             p.method, known_hours, resource);
  return p;
}

}  // namespace mps::forecast
