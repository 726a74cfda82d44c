#include "forecast/backtest.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "forecast/evaluate.h"
#include "forecast/hygiene.h"

namespace mps::forecast {
namespace {

struct TestSeries {
  size_t server = 0;
  std::string column;
  SeriesFeatures features;
  size_t judge_start = 0;  // the methods are weighed on [judge_start, test_start) by models fitted before it
  size_t test_start = 0;
};

// The series without unknown cells at its ends: the last quarter is of what there is.
Regridded trimmed(Regridded cells) {
  auto& v = cells.values;
  const auto known = [](double x) { return std::isfinite(x); };
  const auto first = std::find_if(v.begin(), v.end(), known);
  const auto behind = std::find_if(v.rbegin(), v.rend(), known).base();
  if (first >= behind) return {cells.grid, {}};
  cells.grid.start = cells.grid.time_at(static_cast<size_t>(first - v.begin()));
  v = std::vector<double>(first, behind);
  cells.grid.size = v.size();
  return cells;
}

Result<std::vector<TestSeries>> prepare(const std::vector<BacktestServer>& servers, const Layout& layout) {
  std::vector<TestSeries> all;
  for (size_t i = 0; i < servers.size(); ++i) {
    const auto& frame = servers[i].history;
    if (frame.grid.step <= Duration::zero() || kFineStep % frame.grid.step != Duration::zero()) {
      return Error{ErrorCode::kInvalidArgument, "a backtest takes histories on a grid that divides 5 minutes"};
    }
    for (const auto& column : frame.columns) {
      // Coarse cells are means of fine ones, whatever the history's own grid.
      auto fine = regrid(frame.grid, column.values, kFineStep);
      auto cells = trimmed(layout.step == kFineStep ? std::move(fine) : regrid(fine.grid, fine.values, layout.step));
      // Frozen values teach nothing; in the test they are scored as they are, since the protocol is.
      const size_t past = cells.values.size() - cells.values.size() / 4;
      const auto clean = without_frozen(std::span(cells.values).first(past), layout.step);
      std::copy(clean.begin(), clean.end(), cells.values.begin());
      TestSeries s{i, column.name, make_features(layout, cells.grid, std::move(cells.values), column.name), 0, 0};
      const size_t n = s.features.cells();
      s.test_start = n - n / 4;
      s.judge_start = s.test_start - std::min(s.test_start / 5, layout.week);
      if (s.judge_start >= 2 * layout.day) all.push_back(std::move(s));
    }
  }
  return all;
}

struct Stage {  // which cells may be seen
  bool judged;  // up to the judging part alone; otherwise up to the test
};

std::vector<FitSeries> fit_series(const std::vector<const TestSeries*>& series, Stage stage) {
  std::vector<FitSeries> out;
  for (const auto* s : series) {
    const size_t end = stage.judged ? s->judge_start : s->test_start;
    out.push_back({&s->features, end, typical_error(s->features, end)});
  }
  return out;
}

class Runner {
 public:
  Runner(const std::vector<BacktestServer>& servers, const BacktestOptions& options, const std::stop_token& stop)
      : servers_(servers), options_(options), stop_(stop) {}

  Result<void> run(const Layout& layout, double progress_from, double progress_share) {
    layout_ = layout;
    MPS_TRY(const auto series, prepare(servers_, layout));
    std::vector<const TestSeries*> all;
    for (const auto& s : series) all.push_back(&s);
    const NetworkShape shape{kInputs, hidden_, layout.steps, kBases};
    std::mt19937_64 random(options_.seed * 2 + (layout.horizon == kHour ? 0 : 1));
    const bool fleet = options_.fleet_model && servers_.size() > 1;
    std::optional<Network<float>> base_judge, base_test;
    if (fleet) {
      base_judge = make_network(shape, random);
      train(*base_judge, all, Stage{true}, kFleet, random());
      base_test = base_judge;
      train(*base_test, all, Stage{false}, kContinue, random());
    }
    for (size_t i = 0; i < servers_.size(); ++i) {
      if (stop_.stop_requested()) return Error{ErrorCode::kUnavailable, "the backtest was stopped"};
      std::vector<const TestSeries*> own;
      for (const auto& s : series) {
        if (s.server == i) own.push_back(&s);
      }
      if (own.empty()) continue;
      auto judge = fleet ? *base_judge : make_network(shape, random);
      train(judge, own, Stage{true}, fleet ? kFineTune : kFromNothing, random());
      auto test = fleet ? *base_test : judge;
      train(test, own, Stage{false}, fleet ? kFineTune : kContinue, random());
      for (const auto* s : own) score(*s, judge, test);
      if (options_.progress) {
        options_.progress(progress_from +
                          progress_share * static_cast<double>(i + 1) / static_cast<double>(servers_.size()));
      }
    }
    return {};
  }

  Backtest result;

 private:
  void train(Network<float>& network, const std::vector<const TestSeries*>& series, Stage stage, const Lesson& lesson,
             uint64_t seed) {
    auto o = fit_options(layout_, lesson, seed);
    o.effort = options_.effort, o.stop = stop_;
    fit(network, fit_series(series, stage), o);
  }

  void score(const TestSeries& s, const Network<float>& judge, const Network<float>& test) {
    const auto& values = s.features.values;
    const auto walk_part = [&](Contest* contest, size_t fit_end, size_t from, size_t to, const Network<float>& network,
                               const EachOrigin& each) {
      const auto baselines = make_baselines(layout_, fit_baselines(layout_, std::span(values).first(fit_end)));
      const auto forecasts = forecasts_at(s.features, origins_in(s.features, from, to), baselines, &network);
      walk(*contest, s.features, forecasts, bounds_of(s.column), to, each);
    };
    const auto names =
        method_names(make_baselines(layout_, fit_baselines(layout_, std::span(values).first(s.test_start))), true);
    Contest contest(layout_, names);
    walk_part(&contest, s.judge_start, s.judge_start, s.test_start, judge, [](const auto&, const auto&) {});
    const size_t shown = contest.best();
    std::vector<ScoreSum> sums(contest.methods().size());
    walk_part(&contest, s.test_start, s.test_start, s.features.cells(), test,
              [&](const OriginForecasts& f, const Contest::Made& all) { add_scores(s, f.origin, all, shown, sums); });
    keep(s, contest, shown, sums);
  }

  void add_scores(const TestSeries& s, size_t origin, const Contest::Made& all, size_t shown,
                  std::vector<ScoreSum>& sums) {
    const auto& f = s.features;
    const auto first = std::chrono::duration_cast<std::chrono::seconds>(f.grid.time_at(origin + 1).time_since_epoch());
    for (size_t step = 0; step < layout_.steps && origin + 1 + step < f.cells(); ++step) {
      const double actual = f.values[origin + 1 + step];
      for (size_t m = 0; m < all.size(); ++m) sums[m].add(all[m][step], actual);
      if (!options_.keep_forecasts || !std::isfinite(actual)) continue;
      const auto& q = all[shown][step];
      result.dump.push_back({static_cast<uint32_t>(result.series.size()), first.count(), static_cast<int32_t>(step + 1),
                             q.p10, q.p50, q.p90, actual});
    }
  }

  void keep(const TestSeries& s, const Contest& contest, size_t shown, const std::vector<ScoreSum>& sums) {
    const double naive_error = seasonal_error(std::span(s.features.values).first(s.test_start), layout_.day);
    SeriesScore out;
    out.file = servers_[s.server].name, out.column = s.column;
    out.horizon_s = layout_.horizon / std::chrono::seconds(1);
    out.shown = contest.methods()[shown].name;
    const auto add = [&](std::string name, const ScoreSum& sum) {
      const auto score = sum.score(naive_error);
      out.methods.push_back({std::move(name), score.mae, score.rmse, score.mase, score.coverage80, sum.width80(),
                             sum.pinball(), static_cast<uint64_t>(score.count)});
    };
    add(std::string(kShown), sums[shown]);
    for (size_t m = 0; m < sums.size(); ++m) add(contest.methods()[m].name, sums[m]);
    result.series.push_back(std::move(out));
  }

  const std::vector<BacktestServer>& servers_;
  const BacktestOptions& options_;
  std::stop_token stop_;
  Layout layout_;
  size_t hidden_ = 48;
};

}  // namespace

Result<Backtest> backtest(const std::vector<BacktestServer>& servers, const BacktestOptions& options,
                          std::stop_token stop) {
  Runner runner(servers, options, stop);
  for (size_t i = 0; i < options.horizons.size(); ++i) {
    MPS_TRY(const auto layout, layout_for(options.horizons[i]));
    const double share = 1 / static_cast<double>(options.horizons.size());
    MPS_TRY_VOID(runner.run(layout, share * static_cast<double>(i), share));
  }
  if (runner.result.series.empty()) {
    return Error{ErrorCode::kNotEnoughData,
                 "a backtest needs about 4 days of history: 2 to fit on, then some to weigh the methods and the test"};
  }
  runner.result.summary = summarise(runner.result.series);
  return std::move(runner.result);
}

}  // namespace mps::forecast
