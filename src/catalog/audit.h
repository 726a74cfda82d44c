#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"

namespace mps::catalog {

// Who changed what, and when.
struct AuditEntry {
  int64_t id = 0;
  Timestamp at;
  std::string who;
  std::string what;    // "rule_set": service/audit.h names them all
  std::string detail;  // "web: CPU over 85 %"
};

// Thread-safe; joins a transaction.
class AuditTable {
 public:
  explicit AuditTable(Database& database) : database_(database) {}
  Result<void> add(const AuditEntry& entry);
  Result<std::vector<AuditEntry>> list(size_t count, size_t skipped = 0);  // the newest first
  // Those older than the entry `before`, or the newest.
  Result<std::vector<AuditEntry>> page(size_t count, std::optional<int64_t> before);
  Result<void> forget_before(Timestamp before);

 private:
  Database& database_;
};

}  // namespace mps::catalog
