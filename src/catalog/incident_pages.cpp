#include "catalog/incident_pages.h"

#include <limits>

#include "catalog/row.h"

namespace mps::catalog {

Result<std::vector<int64_t>> incident_page(Database& database, std::optional<int64_t> before, size_t count,
                                           bool only_open) {
  return guarded("list a page of incidents", [&]() -> Result<std::vector<int64_t>> {
    auto session = database.session();
    const long long first = before.value_or(std::numeric_limits<int64_t>::max()), all = only_open ? 0 : 1,
                    limit = static_cast<long long>(count);
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT id FROM incident WHERE id < :before AND (resolved_at = 0 OR :all = 1) "
                                  "ORDER BY id DESC LIMIT :limit",
         soci::use(first), soci::use(all), soci::use(limit));
    std::vector<int64_t> ids;
    for (const soci::row& row : rows) ids.push_back(get_integer(row, 0));
    return ids;
  });
}

}  // namespace mps::catalog
