#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

// A rule broken on a server, from firing to resolved.
struct Incident {
  int64_t id = 0;
  ServerId server{};
  std::string resource;
  std::string instance;  // mount point, or ""
  double threshold = 0;
  double peak = 0;        // the worst value so far
  Timestamp breached_at;  // the first sample over the threshold
  Timestamp fired_at;
  Timestamp notified_at;  // of the newest notification
  std::optional<Timestamp> resolved_at;
  std::string kind = "threshold";    // or "no_data", "prediction", "anomaly"
  std::string severity = "warning";  // or "critical"
};

class Incidents {
 public:
  explicit Incidents(Database& database) : database_(database) {}
  Result<int64_t> open(const Incident& incident);
  Result<void> update(const Incident& incident);  // peak, notified_at, resolved_at
  Result<std::vector<Incident>> list_open();
  Result<std::vector<Incident>> list_recent(size_t count);  // newest first
  Result<void> remove_of(ServerId server);

 private:
  Database& database_;
};

}  // namespace mps::catalog
