#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "metric/frame.h"
#include "metric/sample.h"
#include "metric/series_key.h"
#include "store/influxdb/cells_there.h"
#include "store/influxdb/field_types.h"
#include "store/influxdb/influx_client.h"
#include "store/influxdb/series_query.h"
#include "store/sample_store.h"

namespace mps::store {

// Reads what an InfluxDB has of MPS's series. Thread-safe: each caller has a connection of its own. After a failure to
// reach it, nobody tries for half a minute: kUnavailable comes at once.
class InfluxHistory {
 public:
  InfluxHistory(InfluxTarget target, FieldTypes& types) : target_(std::move(target)), types_(types) {}

  // The samples of one series in the range, in order of time. Fails as InfluxClient::query does.
  Result<std::vector<Sample>> read(ServerId server, const SeriesKey& series, TimeRange range) const;

  // What InfluxDB reckons of the samples of one series, cell by cell, as GridAggregator would; cells where it can't are
  // left to the samples. Fails as InfluxClient::query does, with kInvalidArgument where this InfluxDB does not know a
  // function.
  Result<CellsThere> aggregate(ServerId server, const SeriesKey& series, const Grid& grid, Aggregate how) const;

  // All servers of the hub that have something there; all series of one, sorted.
  Result<std::vector<ServerId>> servers() const;
  Result<std::vector<SeriesKey>> list_series(ServerId server) const;

  // The texts that a migration has brought there.
  Result<Attributes> attributes(ServerId server) const;

  // Why InfluxDB was not reached at the last try; "" where it was, or somebody else reached it at `reached_at`, later.
  std::string trouble(std::chrono::steady_clock::time_point reached_at) const;

  // Ends what is under way, and everything that comes later.
  void stop() { stop_ = true; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  Result<InfluxAnswer> ask(const std::string& influxql) const;
  Result<InfluxAnswer> newest_fields(ServerId server) const;
  Result<std::optional<Attribute>> newest_text(const SeriesPlace& place, const std::string& field) const;
  Result<std::vector<FieldTypes::Column>> columns_of(const std::string& measurement, const std::string& field) const;
  Result<void> learn_types() const;

  const InfluxTarget target_;
  FieldTypes& types_;
  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<InfluxClient>> idle_;
  mutable std::string trouble_;
  mutable std::optional<Time> failed_at_, learned_at_;
};

}  // namespace mps::store
