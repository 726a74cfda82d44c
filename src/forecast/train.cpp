#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "forecast/model.h"
#include "forecast/model_parts.h"

namespace mps::forecast {
namespace {

constexpr Duration kHistoryMin = 3 * kDay;
constexpr Duration kHoldOutMax = 7 * kDay;
constexpr int64_t kUpdates = 400;          // of a network that starts from nothing
constexpr int64_t kUpdatesFromBase = 120;  // of one that starts from another's weights
constexpr double kRefitShare = 0.3;        // of the updates again, over everything, at a lower rate

struct TrainSeries {
  std::string resource;
  SeriesFeatures features;
  size_t fit_end = 0;  // where the hold-out begins
};

// A history that training can use: 5-minute grid, at least one column with enough known.
Result<void> check_history(const Frame& history) {
  if (history.grid.step != kFineStep || history.grid.start.time_since_epoch() % kFineStep != Duration::zero()) {
    return Error{ErrorCode::kInvalidArgument, "forecasting takes histories on a 5-minute grid aligned to 1970"};
  }
  for (const auto& c : history.columns) {
    if (c.values.size() != history.grid.size) {
      return Error{ErrorCode::kInvalidArgument, "column " + c.name + " has another number of cells than the grid"};
    }
  }
  return {};
}

struct Extent {
  size_t first = 0, end = 0;  // cells from the first to behind the last known one
  size_t known = 0;
};

Extent extent_of(std::span<const double> values) {
  Extent e;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    if (e.known++ == 0) e.first = i;
    e.end = i + 1;
  }
  return e;
}

bool enough(const Extent& e) {
  const auto least = static_cast<size_t>(kHistoryMin / kFineStep);
  return e.end - e.first >= least && e.known >= least / 2;
}

Error too_little(const Frame& history) {
  Extent longest;
  for (const auto& c : history.columns) {
    if (const auto e = extent_of(c.values); e.known > longest.known) longest = e;
  }
  const auto hours = [](size_t cells) { return static_cast<double>(cells) / 12; };
  return {ErrorCode::kNotEnoughData,
          fmt::format("An LSTM needs 3 days of history with at least half of it known; there are {:.1f} hours, {:.1f} "
                      "of them known.",
                      hours(longest.end - longest.first), hours(longest.known))};
}

std::vector<TrainSeries> prepare(const Frame& history, const Layout& layout) {
  std::vector<TrainSeries> all;
  for (const auto& column : history.columns) {
    if (!enough(extent_of(column.values))) continue;
    auto cells = regrid(history.grid, column.values, layout.step);
    TrainSeries s{column.name, make_features(layout, cells.grid, std::move(cells.values), column.name), 0};
    const auto hold_out = std::min(s.features.cells() / 5, static_cast<size_t>(kHoldOutMax / layout.step));
    s.fit_end = s.features.cells() - hold_out;
    all.push_back(std::move(s));
  }
  return all;
}

std::vector<FitSeries> fit_series(const std::vector<TrainSeries>& series, bool all) {
  std::vector<FitSeries> out;
  for (const auto& s : series) {
    const size_t end = all ? s.features.cells() : s.fit_end;
    out.push_back({&s.features, end, typical_error(s.features, end)});
  }
  return out;
}

ResourceModel judge(const TrainSeries& s, const Layout& layout, const Network<float>& network) {
  const auto& values = s.features.values;
  const auto past = std::span(values).first(s.fit_end);
  const auto baselines = make_baselines(layout, fit_baselines(layout, past));
  const auto origins = origins_in(s.features, s.fit_end, s.features.cells());
  const auto forecasts = forecasts_at(s.features, origins, baselines, &network);
  Contest contest(layout, method_names(baselines, true));
  std::vector<ScoreSum> sums(contest.methods().size());
  walk(contest, s.features, forecasts, bounds_of(s.resource), s.features.cells(),
       [&](const OriginForecasts& f, const Contest::Made& all) {
         for (size_t m = 0; m < all.size(); ++m) {
           for (size_t step = 0; step < layout.steps && f.origin + 1 + step < values.size(); ++step) {
             sums[m].add(all[m][step], values[f.origin + 1 + step]);
           }
         }
       });
  ResourceModel model;
  model.resource = s.resource;
  model.contest = contest.methods();
  model.method = contest.methods()[contest.best()].name;
  const double naive_error = seasonal_error(past, layout.day);
  for (size_t m = 0; m < sums.size(); ++m) {
    if (sums[m].count() > 0) model.scores.push_back({contest.methods()[m].name, sums[m].score(naive_error)});
  }
  std::stable_sort(model.scores.begin(), model.scores.end(),
                   [](const Scored& a, const Scored& b) { return a.score.mae < b.score.mae; });
  model.baselines = fit_baselines(layout, values);
  return model;
}

const Network<float>* base_network(const TrainOptions& options, size_t horizon, const NetworkShape& shape) {
  if (options.base == nullptr) return nullptr;
  const auto& network = options.base->parts().horizons[horizon].network;
  return network.shape == shape ? &network : nullptr;
}

HorizonModel train_horizon(const std::vector<TrainSeries>& series, const Layout& layout, size_t index,
                           const TrainOptions& options, const std::stop_token& stop) {
  HorizonModel model;
  model.layout = layout;
  const NetworkShape shape{kInputs, kHidden, layout.steps, kBases};
  std::mt19937_64 random(options.seed * 2 + index);
  const auto* base = base_network(options, index, shape);
  model.network = base != nullptr ? *base : make_network(shape, random);
  FitOptions fit_options;
  fit_options.seed = random();
  fit_options.updates =
      static_cast<int64_t>(options.effort * static_cast<double>(base != nullptr ? kUpdatesFromBase : kUpdates));
  fit_options.rate = base != nullptr ? 1e-3 : 3e-3;
  fit_options.lanes = layout.steps > 20 ? 16 : 32;
  fit_options.stop = stop;
  const auto report = [&](double from, double share) {
    fit_options.progress = [&options, index, from, share](double part) {
      if (options.progress) options.progress((static_cast<double>(index) + from + share * part) / 2);
    };
  };
  report(0, 0.7);
  fit(model.network, fit_series(series, false), fit_options);
  for (const auto& s : series) {
    if (!stop.stop_requested()) model.resources.push_back(judge(s, layout, model.network));
  }
  fit_options.updates = static_cast<int64_t>(kRefitShare * static_cast<double>(fit_options.updates));
  fit_options.rate = 1e-3;
  fit_options.seed = random();
  report(0.75, 0.25);
  fit(model.network, fit_series(series, true), fit_options);
  return model;
}

}  // namespace

Result<Model> train(const Frame& history, const TrainOptions& options, std::stop_token stop) {
  MPS_TRY_VOID(check_history(history));
  auto parts = std::make_shared<Model::Parts>();
  parts->seed = options.seed;
  parts->trained_on = history.grid.range();
  const std::array horizons = {kHour, kDay};
  for (size_t i = 0; i < horizons.size(); ++i) {
    MPS_TRY(const auto layout, layout_for(horizons[i]));
    const auto series = prepare(history, layout);
    if (series.empty()) return too_little(history);
    if (i == 0) {
      for (const auto& s : series) parts->resources.push_back(s.resource);
    }
    parts->horizons[i] = train_horizon(series, layout, i, options, stop);
    if (stop.stop_requested()) return Error{ErrorCode::kUnavailable, "training was stopped"};
  }
  return Model(std::move(parts));
}

}  // namespace mps::forecast
