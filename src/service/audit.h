#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "catalog/audit.h"

namespace mps::service {

// What people change. The names in the catalog and on the command line are those without the k: "server_added".
enum class Change {
  kServerAdded,
  kServerChanged,  // renamed, tagged
  kServerRemoved,
  kTokenMade,
  kTokenRemoved,
  kRuleSet,
  kRuleRemoved,
  kAcknowledged,
  kSnoozed,
  kSilenceAdded,
  kSilenceEnded,
  kMaintenanceAdded,
  kQuietSet,
  kQuietRemoved,
  kReportSet,
  kReportRemoved,
  kInvited,
  kJoined,
  kRoleChanged,
  kPersonRemoved,
  kChatAdded,
  kChatChanged,
  kChatRemoved,
  kOwnerChanged,
};
inline constexpr size_t kChanges = 24;

std::string_view name_of(Change change);
std::optional<Change> find_change(std::string_view name);

// Who changed what, and when, for a year. The doors, telegram/ and app/, note here what they did at somebody's wish.
// Thread-safe.
class Audit {
 public:
  static constexpr Duration kKept = std::chrono::hours(24 * 365);

  Audit(catalog::Database& database, const Clock& clock) : table_(database), clock_(clock) {}

  // A failure goes to the log: what was noted has happened already. `detail` is plain text, cut where it is long.
  void note(std::string_view who, Change change, std::string_view detail);

  // The newest first, `page` pages of `per_page` further back.
  Result<std::vector<catalog::AuditEntry>> list(size_t per_page, size_t page = 0) {
    return table_.list(per_page, page * per_page);
  }

  // The newest that are older than the entry `before`: what comes in meanwhile moves no page.
  Result<std::vector<catalog::AuditEntry>> older(std::optional<int64_t> before, size_t count) {
    return table_.page(count, before);
  }

 private:
  catalog::AuditTable table_;
  const Clock& clock_;
};

}  // namespace mps::service
