#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "metric/sample.h"
#include "metric/series_key.h"
#include "store/influxdb/influx_url.h"
#include "store/sample_store.h"

namespace mps::service {

// Samples in one place, as a migration reads and writes them. One thread at a time.
class History {
 public:
  virtual ~History() = default;
  virtual Result<std::vector<ServerId>> servers() = 0;
  virtual Result<std::vector<SeriesKey>> list_series(ServerId server) = 0;
  virtual Result<std::vector<Sample>> read(ServerId server, const SeriesKey& series, TimeRange range) = 0;
  virtual Result<store::Attributes> attributes(ServerId server) = 0;
  // Return when they are kept.
  virtual Result<void> write(ServerId server, const SeriesKey& series, std::span<const Sample> samples) = 0;
  virtual Result<void> write(ServerId server, const store::Attributes& attributes) = 0;
};

// The raw samples of a store; of one that sends them on to InfluxDB, those in the data folder. `store` must outlive it.
std::unique_ptr<History> history_of_folder(store::SampleStore& store);
// `target` with its hub set.
std::unique_ptr<History> history_of_influx(const store::InfluxTarget& target);

struct MigrationReport {
  size_t servers = 0, series = 0;
  uint64_t samples = 0;
  size_t attributes = 0;      // texts: the newest of each
  uint32_t checksum = 0;      // CRC-32 of all samples, series by series
  size_t servers_before = 0;  // done by an earlier run that was interrupted
};

// Copies every sample from one place to the other, series by series, reads each back and holds count and checksum to
// those of the source: kCorrupt names the series where they differ. The newest of each text goes with them, where the
// other place has no newer one. What the other place has besides stays. Servers
// that are done are noted in `progress_file` (for `name`, which says from where to where), so that an interrupted run
// goes on behind them; at the end it is removed. `tell` hears of each server.
Result<MigrationReport> migrate(History& from, History& to, const std::filesystem::path& progress_file,
                                const std::string& name, const std::function<void(const std::string&)>& tell);

}  // namespace mps::service
