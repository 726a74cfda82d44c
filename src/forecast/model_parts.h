#pragma once

#include <array>
#include <string>
#include <vector>

#include "forecast/contest.h"
#include "forecast/evaluate.h"
#include "forecast/model.h"
#include "forecast/network.h"

namespace mps::forecast {

// What a model knows of one resource at one horizon.
struct ResourceModel {
  std::string resource;
  FittedBaselines baselines;
  std::vector<Contest::Method> contest;  // as the hold-out left it
  std::string method;                    // shown
  std::vector<Scored> scores;            // of the hold-out, best MAE first
};

struct HorizonModel {
  Layout layout;
  Network<float> network;
  std::vector<ResourceModel> resources;  // in the order of Parts::resources

  const ResourceModel* find(std::string_view resource) const;
};

struct Model::Parts {
  std::vector<std::string> resources;
  TimeRange trained_on{};
  uint64_t seed = 0;
  std::array<HorizonModel, 2> horizons;  // an hour, a day
};

inline constexpr size_t kHidden = 48;

// The first cell that the training has not seen; the number of cells where it has seen all.
size_t first_fresh(const Grid& grid, Timestamp trained_until);
// The first cell that needs the network's inputs for what follows.
size_t inputs_from(const Grid& grid, Timestamp trained_until);

// The contest as training left it, moved on by what has come since. `each` sees what is said on the way, at last what
// is said at the newest cell. state: the network's after that.
Contest moved_on(const HorizonModel& horizon, const ResourceModel& resource, const SeriesFeatures& series,
                 Timestamp trained_until, const EachOrigin& each, LstmState* state = nullptr);
// What is shown, of all that is said; a simple method may have a hole where its day or week is not known.
std::vector<Quantiles> shown(const Contest::Made& all, size_t method);

// What stands beside the steps of a forecast: who made it, and how good that is.
Prediction without_steps(const ResourceModel& resource);

// Score of a method in a list, or one that counts nothing.
Score score_of(const std::vector<Scored>& scores, std::string_view method);

}  // namespace mps::forecast
