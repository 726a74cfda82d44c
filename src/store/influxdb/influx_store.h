#pragma once

#include <filesystem>
#include <memory>

#include "store/embedded/embedded_store.h"
#include "store/influxdb/forwarder.h"
#include "store/influxdb/influx_url.h"
#include "store/sample_store.h"

namespace mps::store {

struct InfluxOptions {
  InfluxTarget target;
  EmbeddedOptions embedded;          // the queue, and what is young
  std::filesystem::path state_path;  // such as DATA/influxdb.db
  ForwarderOptions forwarder = {};
};

// Samples in an InfluxDB, 1.x, 2.x or 3, with an embedded store before it
// (docs/adr/0007-influxdb-behind-the-journal.md).
//
// What is appended is acknowledged when it is in the embedded store's journal, and sent to InfluxDB from there; the
// journal forgets nothing that InfluxDB has not confirmed. What the embedded store has, it answers itself: everything
// within its retention. What is older is read from InfluxDB, and merged. While InfluxDB is not reached, queries
// answer with what is here; stats().trouble says so, and since when. Removed servers are removed there as well, later
// where InfluxDB is not reached.
//
// Fails as SampleStore says; of InfluxDB's failures none is passed on.
class InfluxStore : public SampleStore {
 public:
  // The embedded store before InfluxDB.
  virtual EmbeddedStore& embedded() = 0;
  // Waits until all that was appended before is in InfluxDB; false where the store is stopping.
  virtual bool wait_until_sent() = 0;
  virtual ForwardingStats forwarding() const = 0;
};

// Opens both, or makes them; InfluxDB need not be there. Fails as open_embedded_store does. `clock` must outlive the
// store.
Result<std::unique_ptr<InfluxStore>> open_influx_store(const InfluxOptions& options, Clock& clock);

}  // namespace mps::store
