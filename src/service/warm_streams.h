#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "forecast/stream.h"
#include "metric/frame.h"
#include "metric/sample.h"

namespace mps::service {

// The streams of the servers' hour-ahead forecasts (forecast/stream.h). Models are handed in, since a fleet's do not
// all stay in memory; a stream is moved on by the model alone that it was made with. Thread-safe.
class WarmStreams {
 public:
  // What the server's stream says, where it has one whose newest cell ends at `earliest` or later.
  std::optional<std::vector<forecast::Prediction>> forecast(ServerId server, Timestamp earliest) const;

  struct State {
    Timestamp origin;  // the end of the newest cell
    size_t added = 0;  // cells since the start
  };
  std::optional<State> state(ServerId server) const;

  void put(ServerId server, const forecast::Model& model, forecast::Stream stream);
  void erase(ServerId server);
  // Moves the stream over the cells, whose first is the one after its newest. False, and the stream is gone, where that
  // can't be: it is used up, or of another model, or a column has come that it does not know.
  bool add(ServerId server, const forecast::Model& model, const Frame& cells);

 private:
  struct Warm {
    Timestamp trained_until;  // of the model
    forecast::Stream stream;
  };
  bool add_locked(Warm& warm, const forecast::Model& model, const Frame& cells);

  mutable std::mutex mutex_;
  std::map<ServerId, Warm> streams_;
  forecast::StreamBuffers buffers_;
};

}  // namespace mps::service
