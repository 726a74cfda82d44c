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

struct InstanceReadings {
  std::string instance;
  std::vector<Reading> readings;
};

// The one way to figures: every view (chart, forecast, alert, report, REST) reads resources through it. Thread-safe.
class Query {
 public:
  Query(const store::SampleStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  // A resource on the grid of `step` that covers `range`: one column, or one per instance (mount points). An empty
  // frame (no columns) where the server never sent it.
  Result<Frame> frame(ServerId server, const Resource& resource, TimeRange range, Duration step) const;

  // Every resource with a model, one column each named by Resource::name (of several mount points the first), for
  // training and forecasts.
  Result<Frame> history(ServerId server, TimeRange range, Duration step) const;

  // Single readings of a resource in its unit, in order of time, per instance; sums over instances are not made here.
  Result<std::vector<InstanceReadings>> readings(ServerId server, const Resource& resource, TimeRange range) const;

  ServerStatus status(ServerId server) const;
  std::optional<Timestamp> last_seen(ServerId server) const { return store_.last_seen(server); }

 private:
  Result<std::vector<double>> values_on(ServerId server, const Resource& resource, const SeriesKey& series,
                                        const Grid& grid) const;

  const store::SampleStore& store_;
  const Clock& clock_;
};

}  // namespace mps::service
