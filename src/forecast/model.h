#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "forecast/prediction.h"
#include "metric/frame.h"

// A server's model: one LSTM for an hour ahead and one for a day ahead, shared by the server's resources, with the
// baselines beside it and what their hold-out errors taught about whom to believe. docs/math/lstm.md has the formulas.
namespace mps::forecast {

class Model;

struct TrainOptions {
  uint64_t seed = 1;            // same history, options and seed: same weights, on the same kind of processor
  double effort = 1;            // passes over the history relative to the default; 0.1 is a quick trial
  const Model* base = nullptr;  // start from these weights (the fleet's); need not have the same resources. For honest
                                // scores it must not have seen the hold-out; train_fleet() leaves those out. Not kept.
  const Model* base_of_all = nullptr;  // beside base: the fleet's weights that know the hold-outs too; where the
                                       // weights that are handed back start from
  const Model* previous = nullptr;  // handed back when the new model is clearly worse on what came after its training
  std::function<void(double)> progress;  // called now and then from the training thread with 0..1
};

// Immutable once made; cheap to copy; every const member may be called from many threads.
class Model {
 public:
  // A safetensors file. Tensors bear PyTorch's names: "lstm.weight_ih_l0" (hour ahead), "day.lstm.weight_ih_l0" (day
  // ahead), "head.weight", ...; scales, scores, resources and trained range are in its metadata.
  std::string to_safetensors() const;
  // Fails with kCorrupt for damaged bytes, kInvalidArgument for a sound file that is not one of our models.
  static Result<Model> from_safetensors(std::string_view bytes);

  // One forecast per column of `recent` that the model knows, made at recent.grid.end(). `recent` is like the history
  // of train(): at least 8 days where there are, 15 to let weekly methods be weighed. horizon: kHour or kDay.
  // Microseconds to some 100 ms. A resource whose newest 3 hours are all unknown is still forecast, from older values.
  // Fails with kInvalidArgument for another grid or horizon, kNotEnoughData where no column has any known value.
  Result<std::vector<Prediction>> predict(const Frame& recent, Duration horizon) const;

  const std::vector<std::string>& resources() const;
  TimeRange trained_on() const;  // from the first to the end of the last cell of the history
  // Hold-out scores, best method first; empty for a resource the model does not know.
  std::vector<Scored> scores(std::string_view resource, Duration horizon) const;

  struct Parts;  // for this folder alone
  explicit Model(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  const Parts& parts() const { return *parts_; }

 private:
  std::shared_ptr<const Parts> parts_;
};

// history: one column per resource (Resource::name, or "disk:/home" for one of many), 5-minute cells aligned to 1970,
// NaN = unknown; the last cell is the newest complete one. Columns without a known value are skipped. The methods are
// scored on the last fifth of the history (at most 7 days) by models fitted on what lies before it; the weights handed
// back are then trained on all of it, so that scores say how a model like this one did on days it had not seen.
// With `previous`: should its LSTM, on the days since it was trained, be better by a tenth than the new one was before
// it saw them (geometric mean over horizons and resources), then that model is handed back as it is.
// Fails with kNotEnoughData (under 3 days: a plain sentence says how much is there and how much is needed),
// kInvalidArgument (another grid), kUnavailable (stopped). Blocks for seconds; single-threaded; no other effects.
Result<Model> train(const Frame& history, const TrainOptions& options, std::stop_token stop = {});

// Weights that the training of each server starts from, from the histories of many servers: models that know no
// resources and predict nothing by themselves. Training a server from them takes a third of the time and is more
// accurate. At most kFleetMax of the histories are used, spread evenly over the list (about 1.5 MB of memory each and
// resource). From `base` each history's hold-out, as train() cuts it, is left out, so that a server trained from these
// weights is scored on days that nobody has seen. With options.base it goes on from there. Fails like train();
// histories that are too short are skipped, kNotEnoughData where none is left. The horizons are trained side by side,
// on two threads; progress comes from both, one at a time.
inline constexpr size_t kFleetMax = 24;
struct FleetModels {
  Model base;         // for TrainOptions::base: has seen no hold-out
  Model base_of_all;  // for TrainOptions::base_of_all: the same weights, taught the hold-outs too
};
Result<FleetModels> train_fleet(const std::vector<Frame>& histories, const TrainOptions& options,
                                std::stop_token stop = {});

// For a server with too little history for a model: the simple method that did best on the history there is, named in
// the answer, with a note about what is missing. Fails with kNotEnoughData where no value is known at all,
// kInvalidArgument for an unknown column, another grid or horizon.
Result<Prediction> predict_baseline(const Frame& history, std::string_view resource, Duration horizon);

}  // namespace mps::forecast
