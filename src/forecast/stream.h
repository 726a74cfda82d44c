#pragma once

#include <span>
#include <vector>

#include "forecast/fit.h"
#include "forecast/model.h"

// A server's hour-ahead LSTM kept warm: when a 5-minute cell closes, one step of the network renews the forecasts of
// all its resources. The figures are those that a run over the whole history gives (tested).
namespace mps::forecast {

// Buffers of a step, for any number of streams of one thread.
struct StreamBuffers {
  Batch<float> batch;
  Workspace<float> workspace;
  NetworkQuantiles<float> quantiles;
};

class Stream {
 public:
  // So many cells can be added; then what was known of earlier days is used up, and a new stream must be started.
  static constexpr size_t kCellsMax = 24;

  // recent: as for Model::predict(). The stream holds the resources that the model and `recent` both know, in the order
  // of the columns. Milliseconds. Fails like predict().
  static Result<Stream> start(const Model& model, const Frame& recent);

  // The cell that has closed: a value for each of resources(), NaN where nothing came. False, and nothing is done, when
  // the stream is used up. Tens of microseconds; allocates nothing.
  [[nodiscard]] bool add(std::span<const double> values, StreamBuffers& buffers);

  const std::vector<std::string>& resources() const { return resources_; }
  Timestamp origin() const;  // the end of the newest cell
  // Twelve steps from the origin: the LSTM's own word, before it is combined with other methods.
  std::span<const Quantiles> forecast(size_t resource) const { return series_[resource].forecast; }
  size_t bytes() const;  // of memory, but for the model's

 private:
  // The newest cells and what earlier days say of the coming ones.
  struct Series {
    SeriesFeatures window;
    FeatureCursor cursor;
    LstmState state;
    Bounds bounds;
    std::vector<Quantiles> forecast;
  };

  explicit Stream(const Model& model) : model_(model) {}

  Model model_;
  std::vector<std::string> resources_;
  std::vector<Series> series_;
  size_t next_ = 0;  // cell of the windows
};

}  // namespace mps::forecast
