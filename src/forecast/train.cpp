#include <algorithm>
#include <cmath>

#include "forecast/model.h"
#include "forecast/model_parts.h"
#include "forecast/train_parts.h"

namespace mps::forecast {
namespace {

// Times the previous model's error. The new one is judged before it learns from the last days; the old one knew them.
constexpr double kClearlyWorse = 1.1;

ResourceModel judge(const TrainSeries& s, const Layout& layout, const Network<float>& network) {
  const auto& values = s.features.values;
  const auto past = std::span(values).first(s.fit_end);
  RidgeFit ridge(layout);
  ridge.learn(past);
  const FittedBaselines fitted{ridge.coefficients(), fit_ets(layout, past)};
  const auto baselines = make_baselines(layout, fitted);
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
  ridge.learn(values);
  model.baselines = {ridge.coefficients(), fitted.ets};  // a week more moves no constant of a coarse choice
  return model;
}

const Network<float>* base_network(const Model* base, size_t horizon, const NetworkShape& shape) {
  if (base == nullptr) return nullptr;
  const auto& network = base->parts().horizons[horizon].network;
  return network.shape == shape ? &network : nullptr;
}

// By how much the new model is worse than the previous one, as logarithms of ratios of errors.
struct Comparison {
  double sum = 0, count = 0;
  bool clearly_worse() const { return count > 0 && sum / count > std::log(kClearlyWorse); }
};

// The LSTM's mean absolute error at origins in [from, end); 0 where there is none.
double lstm_error(const Network<float>& network, const SeriesFeatures& series, size_t from) {
  const auto origins = origins_in(series, from, series.cells());
  const auto quantiles = run(network, series, origins);
  ScoreSum sum;
  for (size_t i = 0; i < origins.size(); ++i) {
    for (size_t s = 0; s < series.layout.steps && origins[i] + 1 + s < series.cells(); ++s) {
      sum.add(quantiles[i].steps[s], series.values[origins[i] + 1 + s]);
    }
  }
  return sum.count() > 0 ? sum.score(0).mae : 0;
}

// On the cells that neither has seen.
void compare(const TrainSeries& s, const Network<float>& network, size_t horizon, const Model& previous,
             Comparison& comparison) {
  const auto& old = previous.parts().horizons[horizon];
  if (old.find(s.resource) == nullptr) return;
  size_t from = s.fit_end;
  while (from < s.features.cells() && s.features.grid.time_at(from) < previous.trained_on().to) ++from;
  const double then = lstm_error(old.network, s.features, from), now = lstm_error(network, s.features, from);
  if (then > 0 && now > 0) comparison.sum += std::log(now / then), ++comparison.count;
}

HorizonModel train_horizon(const std::vector<TrainSeries>& series, const Layout& layout, size_t index,
                           const TrainOptions& options, const std::stop_token& stop, Comparison& comparison) {
  HorizonModel model;
  model.layout = layout;
  const NetworkShape shape{kInputs, kHidden, layout.steps, kBases};
  std::mt19937_64 random(options.seed * 2 + index);
  const auto* base = base_network(options.base, index, shape);
  model.network = base != nullptr ? *base : make_network(shape, random);
  auto o = fit_options(layout, base != nullptr ? kFromFleet : kFromNothing, random());
  o.effort = options.effort, o.stop = stop;
  const auto report = [&](double from, double share) {
    o.progress = [&options, index, from, share](double part) {
      if (options.progress) options.progress((static_cast<double>(index) + from + share * part) / 2);
    };
  };
  report(0, 0.7);
  fit(model.network, fit_series(series, false), o);
  for (const auto& s : series) {
    if (stop.stop_requested()) break;
    model.resources.push_back(judge(s, layout, model.network));
    if (options.previous != nullptr) compare(s, model.network, index, *options.previous, comparison);
  }
  const auto* base_of_all = base_network(options.base_of_all, index, shape);
  if (base_of_all != nullptr) model.network = *base_of_all;
  o.lesson = base_of_all != nullptr ? kFromFleet : kContinue, o.seed = random();
  report(0.75, 0.25);
  fit(model.network, fit_series(series, true), o);
  return model;
}

}  // namespace

Result<Model> train(const Frame& history, const TrainOptions& options, std::stop_token stop) {
  MPS_TRY_VOID(check_history(history));
  auto parts = std::make_shared<Model::Parts>();
  parts->seed = options.seed;
  parts->trained_on = history.grid.range();
  Comparison comparison;
  const std::array horizons = {kHour, kDay};
  for (size_t i = 0; i < horizons.size(); ++i) {
    MPS_TRY(const auto layout, layout_for(horizons[i]));
    const auto series = prepare(history, layout);
    if (series.empty()) return too_little(history);
    if (i == 0) {
      for (const auto& s : series) parts->resources.push_back(s.resource);
    }
    parts->horizons[i] = train_horizon(series, layout, i, options, stop, comparison);
    if (stop.stop_requested()) return Error{ErrorCode::kUnavailable, "training was stopped"};
  }
  if (comparison.clearly_worse()) return *options.previous;
  return Model(std::move(parts));
}

}  // namespace mps::forecast
