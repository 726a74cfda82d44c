#pragma once

#include <span>
#include <vector>

#include "forecast/fit.h"
#include "forecast/model.h"

// What is said of a server's next hour, kept warm: when a 5-minute cell closes, one step of the network and of each
// simple method renews the forecasts of all its resources.
namespace mps::forecast {

// Buffers of a step, for any number of streams of one thread.
struct StreamBuffers {
  Batch<float> batch;
  Workspace<float> workspace;
  NetworkQuantiles<float> quantiles;
  std::vector<double> medians;
  std::vector<Quantiles> lstm;
};

struct HorizonModel;

// Made with a model, which is to be handed in again with each cell: a fleet's models need not stay in memory.
class Stream {
 public:
  // So many cells can be added; then what was known of earlier days is used up, and a new stream must be started.
  static constexpr size_t kCellsMax = 12;

  // recent: as for Model::predict(). The stream holds the columns of `recent` in which anything is known. Some 10 ms.
  // Fails like predict(), and with kNotEnoughData where the model does not know one of them.
  static Result<Stream> start(const Model& model, const Frame& recent);
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  // The cell that has closed: a value for each of resources(), NaN where nothing came. False, and nothing is done, when
  // the stream is used up. Tens of microseconds; allocates nothing.
  [[nodiscard]] bool add(const Model& model, std::span<const double> values, StreamBuffers& buffers);

  const std::vector<std::string>& resources() const { return resources_; }
  Timestamp origin() const;                        // the end of the newest cell
  size_t added() const { return next_ - start_; }  // cells since the start

  // What Model::predict() would say now, but that what the last cells taught about the methods is learnt at the next
  // start; of resource i of resources().
  Prediction forecast(size_t i) const;
  size_t bytes() const;  // of memory

 private:
  // The newest cells and what earlier days say of the coming ones.
  struct Series;

  Stream() = default;
  void combine(const HorizonModel& horizon, size_t n, StreamBuffers& buffers);

  std::vector<std::string> resources_;
  std::vector<Prediction> about_;  // what stands beside the steps: method, scores
  std::vector<Series> series_;
  size_t next_ = 0, start_ = 0;  // cells of the windows
};

}  // namespace mps::forecast
