#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "metric/frame.h"
#include "metric/resource.h"
#include "store/sample_store.h"

namespace mps::service {

// What a resource reads now. NaN-free: a resource that the server never sent is absent.
struct CurrentValue {
  const Resource* resource;
  std::string instance;  // "/" for a mount point, "" where there is one
  double value;          // in the resource's unit
  Timestamp time;        // of the sample
};

struct ServerStatus {
  std::optional<Timestamp> last_seen;
  std::vector<CurrentValue> values;  // in the order of the catalogue; every mount point of disk
  std::optional<Duration> uptime;
};

// What one rule watches: a resource of a server, or one of its instances.
struct Channel {
  const Resource* resource = nullptr;
  std::string instance;         // "/" for a mount point, "" where there is one, or the sum of several
  std::vector<SeriesKey> keys;  // one; several for a sum
  bool imported = false;        // there is history from a file besides, or instead
};

// The one way to figures: every view (chart, forecast, alert, report, REST) reads resources through it. Thread-safe.
class Query {
 public:
  Query(const store::SampleStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  // A resource on the grid of `step` that covers `range`: one column, or one per instance (mount points). An empty
  // frame (no columns) where the server never sent it.
  Result<Frame> frame(ServerId server, const Resource& resource, TimeRange range, Duration step) const;

  // The same, of each cell the smallest, largest or newest value (kMin, kMax, kLast; kMean is frame). Of rates, such as
  // network traffic, only as far back as samples are kept as they came.
  Result<Frame> frame_of(ServerId server, const Resource& resource, TimeRange range, Duration step,
                         Aggregate how) const;

  // Every resource with a model, one column each named by Resource::name (of several mount points the first), for
  // training and forecasts.
  Result<Frame> history(ServerId server, TimeRange range, Duration step) const;

  // Everything of a server that a rule could watch, in the order of the catalogue.
  std::vector<Channel> channels(ServerId server) const;
  // Single readings of a channel in the resource's unit, in order of time. What came from a file fills the time that
  // the agent's readings do not span.
  Result<std::vector<Reading>> readings(ServerId server, const Channel& channel, TimeRange range) const;

  // For the rules, which look at all series of all servers every few seconds: see store/sample_store.h. The newest
  // reading of a channel from the newest samples of its keys.
  std::vector<store::SeriesRef> refs(ServerId server, const Channel& channel) const;
  void newest(std::span<const store::SeriesRef> refs, std::span<store::NewestSamples> out) const {
    store_.newest(refs, out);
  }
  static std::optional<Reading> newest_reading(const Resource& resource, std::span<const store::NewestSamples> samples);
  std::vector<store::ServerPulse> pulses() const { return store_.pulses(); }
  bool ready() const { return store_.ready(); }

  // Has the server sent anything besides history from a file?
  bool has_agent(ServerId server) const;
  // How many processors the server says that it has.
  std::optional<double> cores(ServerId server) const;

  ServerStatus status(ServerId server) const;
  std::optional<Timestamp> last_seen(ServerId server) const { return store_.last_seen(server); }

 private:
  Result<std::vector<double>> values_on(ServerId server, const Resource& resource, const SeriesKey& series,
                                        const Grid& grid) const;

  const store::SampleStore& store_;
  const Clock& clock_;
};

}  // namespace mps::service
