#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "forecast/model.h"
#include "service/query.h"
#include "service/warm_streams.h"

namespace mps::service {

struct ForecastView {
  forecast::Prediction prediction;
};

// Models of the servers: trained from stored history, kept as files, cached, asked for forecasts. Thread-safe.
class Forecasts {
 public:
  struct Options {
    std::filesystem::path folder;              // of the model files, one per server
    Duration history = std::chrono::days(35);  // how far back training looks
    uint64_t seed = 1;
  };

  Forecasts(const Query& query, const Clock& clock, Options options);

  // Times of a server whose samples teach nothing, such as planned work.
  using LeftOut = std::function<std::vector<TimeRange>(ServerId, TimeRange)>;
  // Before anything is trained.
  void leave_out(LeftOut left_out) { left_out_ = std::move(left_out); }

  // Trains the weights that every server's training starts from, on the stored histories of some of these servers, and
  // keeps them in a file. Goes on from the last ones. Minutes for the first time in a big fleet. kNotEnoughData unless
  // two servers have enough history.
  Result<void> train_fleet(const std::vector<ServerId>& servers, std::stop_token stop = {});
  // Trains the server's model on its stored history, from the fleet's weights where there are, and puts it in place of
  // the old one, unless that is clearly better on the last days; what it says of the next hour and day is there
  // afterwards. Takes seconds. kNotEnoughData says how much is there.
  Result<void> train(ServerId server, std::stop_token stop = {});

  // Of all resources with a model, the first being cpu. `horizon` is 1 h or 24 h, else kInvalidArgument. Microseconds
  // where it is there already (see renew); else it is made (some 20 ms) and kept until the next cell of 5 or 30 minutes
  // closes.
  Result<std::vector<ForecastView>> forecast(ServerId server, Duration horizon) const;
  Result<ForecastView> forecast(ServerId server, const Resource& resource, Duration horizon) const;

  // What forecast() would have said at every `every` of the last `length`, had today's model been there: see
  // forecast/replay.h.
  Result<std::vector<forecast::Prediction>> replay(ServerId server, const Resource& resource, Duration horizon,
                                                   Duration length, Duration every) const;

  // Sees to it that nobody need wait: when a cell of 5 minutes has closed, moves each of these servers' streams on by
  // it; starts streams, and makes forecasts of a day, so many a call; makes anew what was asked for within the last
  // hour of servers without a model, and forgets what nobody asks for. Returns how many forecasts it made. On one
  // thread alone.
  size_t renew(const std::vector<ServerId>& servers, const std::stop_token& stop = {});

  // What training and forecasts see: 5-minute cells of the last `length` up to now (or up to the end of a recording),
  // without the empty ones at the front.
  Result<Frame> known_history(ServerId server, Duration length) const;

  std::optional<Timestamp> trained_at(ServerId server) const;
  void forget(ServerId server);

 private:
  Frame lessons(ServerId server, Frame history) const;
  using Views = std::shared_ptr<const std::vector<ForecastView>>;
  struct Kept {
    Timestamp closed;  // the newest cell that they know ends here
    Timestamp made_at, asked_at;
    Views views;
  };
  using KeptKey = std::pair<ServerId, Duration>;  // horizon

  std::shared_ptr<const forecast::Model> model(ServerId server) const;
  Result<Timestamp> known_until(ServerId server, Duration step) const;
  bool is_current(const Kept& kept, Timestamp closed, Duration step) const;
  Views from_stream(ServerId server, Timestamp closed) const;
  bool needs_kept(const KeptKey& key) const;
  bool renew_kept(const KeptKey& key);
  bool move_stream(ServerId server);
  bool start_stream(ServerId server);
  Views kept(ServerId server, Duration horizon, Timestamp closed) const;
  void keep(const KeptKey& key, Kept kept, bool asked) const;
  static Result<Views> make(const forecast::Model* model, const Frame& recent, Duration horizon);
  void speak_first(ServerId server, const forecast::Model& model, const Frame& recent, Kept day);
  void drop(ServerId server);
  std::filesystem::path path_of(ServerId server) const;
  std::filesystem::path fleet_path() const { return options_.folder / "fleet.safetensors"; }
  std::filesystem::path finished_fleet_path() const { return options_.folder / "fleet-finished.safetensors"; }

  const Query& query_;
  const Clock& clock_;
  Options options_;
  LeftOut left_out_;
  mutable std::mutex mutex_;
  struct CachedModel {
    std::shared_ptr<const forecast::Model> model;  // null: there is none
    Timestamp asked_at;
  };
  // Both are bounded: of a big fleet, what was not asked for longest is read, or made, again.
  mutable std::map<ServerId, CachedModel> models_;
  mutable std::map<KeptKey, Kept> kept_;
  mutable std::map<ServerId, std::optional<Timestamp>> trained_at_;
  WarmStreams streams_;
  std::map<ServerId, Timestamp> no_stream_before_;  // of those that could not be started; of renew() alone
};

// Nothing was measured in the cells of `history` that these times touch.
void blank_out(Frame& history, const std::vector<TimeRange>& times);

}  // namespace mps::service
