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

HorizonModel train_fleet_horizon(const std::vector<TrainSeries>& series, const Layout& layout, size_t index,
                                 const TrainOptions& options, bool all, Progress progress, std::stop_token stop) {
  HorizonModel model;
  model.layout = layout;
  std::mt19937_64 random(options.seed * 2 + index);
  const NetworkShape shape{kInputs, kHidden, layout.steps, kBases};
  const bool again = options.base != nullptr && options.base->parts().horizons[index].network.shape == shape;
  model.network = again ? options.base->parts().horizons[index].network : make_network(shape, random);
  auto o = fit_options(layout, again ? kContinue : kFleet, random());
  o.effort = options.effort, o.stop = std::move(stop), o.progress = std::move(progress);
  fit(model.network, fit_series(series, all), o);
  return model;
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

Result<Model> train_on(const std::vector<Frame>& histories, const TrainOptions& options, bool all,
                       std::stop_token stop) {
  auto parts = std::make_shared<Model::Parts>();
  parts->seed = options.seed;
  const auto frames = chosen(histories);
  for (const auto* frame : frames) {
    MPS_TRY_VOID(check_history(*frame));
    auto& range = parts->trained_on;
    range.from = range.empty() ? frame->grid.start : std::min(range.from, frame->grid.start);
    range.to = std::max(range.to, frame->grid.end());
  }
  const std::array horizons = {kHour, kDay};
  std::array<std::vector<TrainSeries>, horizons.size()> series;
  for (size_t i = 0; i < horizons.size(); ++i) {
    MPS_TRY(parts->horizons[i].layout, layout_for(horizons[i]));
    for (const auto* frame : frames) {
      auto own = prepare(*frame, parts->horizons[i].layout);
      std::move(own.begin(), own.end(), std::back_inserter(series[i]));
    }
  }
  if (series[0].empty())
    return Error{ErrorCode::kNotEnoughData, "no server has the 3 days of history that an LSTM needs"};
  SharedProgress progress(options.progress);
  const auto train_horizon = [&](size_t i) {
    parts->horizons[i] =
        train_fleet_horizon(series[i], parts->horizons[i].layout, i, options, all, progress.of(i), stop);
  };
  std::thread day([&] { train_horizon(1); });  // while nothing else is trained yet
  train_horizon(0);
  day.join();
  if (stop.stop_requested()) return Error{ErrorCode::kUnavailable, "training was stopped"};
  return Model(std::move(parts));
}

}  // namespace

Result<Model> train_fleet(const std::vector<Frame>& histories, const TrainOptions& options, std::stop_token stop) {
  return train_on(histories, options, false, std::move(stop));
}

Result<Model> finish_fleet(const std::vector<Frame>& histories, const TrainOptions& options, std::stop_token stop) {
  return train_on(histories, options, true, std::move(stop));
}

}  // namespace mps::forecast
