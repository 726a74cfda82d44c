#include <algorithm>
#include <functional>
#include <iterator>
#include <mutex>
#include <thread>

#include "forecast/model.h"
#include "forecast/model_parts.h"
#include "forecast/train_parts.h"

namespace mps::forecast {
namespace {

// Some of the histories, spread evenly.
std::vector<const Frame*> chosen(const std::vector<Frame>& histories) {
  std::vector<const Frame*> out;
  const size_t count = std::min(histories.size(), kFleetMax);
  for (size_t i = 0; i < count; ++i) out.push_back(&histories[i * histories.size() / count]);
  return out;
}

using Progress = std::function<void(double)>;

// Weights of one horizon that know each series up to its hold-out, and the same weights taught the hold-outs too.
struct FleetHorizon {
  HorizonModel base, base_of_all;
};

FleetHorizon train_horizon(const std::vector<TrainSeries>& series, const Layout& layout, size_t index,
                           const TrainOptions& options, const Progress& progress, const std::stop_token& stop) {
  constexpr double kBasePart = 0.8;  // of the time
  std::mt19937_64 random(options.seed * 2 + index);
  HorizonModel model;
  model.layout = layout;
  const NetworkShape shape{kInputs, kHidden, layout.steps, kBases};
  const bool again = options.base != nullptr && options.base->parts().horizons[index].network.shape == shape;
  model.network = again ? options.base->parts().horizons[index].network : make_network(shape, random);
  const auto teach = [&](const Lesson& lesson, bool all, double begin, double end) {
    auto o = fit_options(layout, lesson, random());
    o.effort = options.effort, o.stop = stop;
    o.progress = [&progress, begin, end](double part) { progress(begin + (end - begin) * part); };
    fit(model.network, fit_series(series, all), o);
    return model;
  };
  FleetHorizon trained;
  trained.base = teach(again ? kContinue : kFleet, false, 0, kBasePart);
  trained.base_of_all = teach(kContinue, true, kBasePart, 1);
  return trained;
}

// Progress of two trainings side by side, as one.
class SharedProgress {
 public:
  explicit SharedProgress(const Progress& whole) : whole_(whole) {}
  Progress of(size_t index) {
    return [this, index](double part) {
      const std::lock_guard lock(mutex_);
      parts_[index] = part;
      if (whole_) whole_((parts_[0] + parts_[1]) / 2);
    };
  }

 private:
  const Progress& whole_;
  std::mutex mutex_;
  std::array<double, 2> parts_{};
};

}  // namespace

Result<FleetModels> train_fleet(const std::vector<Frame>& histories, const TrainOptions& options,
                                std::stop_token stop) {
  auto base = std::make_shared<Model::Parts>();
  base->seed = options.seed;
  const auto frames = chosen(histories);
  for (const auto* frame : frames) {
    MPS_TRY_VOID(check_history(*frame));
    auto& range = base->trained_on;
    range.from = range.empty() ? frame->grid.start : std::min(range.from, frame->grid.start);
    range.to = std::max(range.to, frame->grid.end());
  }
  auto base_of_all = std::make_shared<Model::Parts>(*base);
  const std::array horizons = {kHour, kDay};
  std::array<Layout, horizons.size()> layouts;
  std::array<std::vector<TrainSeries>, horizons.size()> series;
  for (size_t i = 0; i < horizons.size(); ++i) {
    MPS_TRY(layouts[i], layout_for(horizons[i]));
    for (const auto* frame : frames) {
      auto own = prepare(*frame, layouts[i]);
      std::move(own.begin(), own.end(), std::back_inserter(series[i]));
    }
  }
  if (series[0].empty())
    return Error{ErrorCode::kNotEnoughData, "no server has the 3 days of history that an LSTM needs"};
  SharedProgress progress(options.progress);
  const auto train_one = [&](size_t i) {
    auto trained = train_horizon(series[i], layouts[i], i, options, progress.of(i), stop);
    base->horizons[i] = std::move(trained.base);
    base_of_all->horizons[i] = std::move(trained.base_of_all);
  };
  std::thread day([&] { train_one(1); });  // while nothing else is trained yet
  train_one(0);
  day.join();
  if (stop.stop_requested()) return Error{ErrorCode::kUnavailable, "training was stopped"};
  return FleetModels{Model(std::move(base)), Model(std::move(base_of_all))};
}

}  // namespace mps::forecast
