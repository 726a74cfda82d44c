#include "catalog/audit.h"

#include <limits>

#include "catalog/row.h"

namespace mps::catalog {

Result<void> AuditTable::add(const AuditEntry& entry) {
  return guarded("note who changed what", [&]() -> Result<void> {
    const long long at = to_db(entry.at);
    database_.session().sql() << "INSERT INTO audit (at, who, what, detail) VALUES (:at, :who, :what, :detail)",
        soci::use(at), soci::use(entry.who), soci::use(entry.what), soci::use(entry.detail);
    return {};
  });
}

namespace {

AuditEntry entry_of(const soci::row& row) {
  return {get_integer(row, 0), time_from_db(get_integer(row, 1)), row.get<std::string>(2), row.get<std::string>(3),
          row.get<std::string>(4)};
}

}  // namespace

Result<std::vector<AuditEntry>> AuditTable::page(size_t count, std::optional<int64_t> before) {
  return guarded("list who changed what", [&]() -> Result<std::vector<AuditEntry>> {
    auto session = database_.session();
    const auto limit = static_cast<long long>(count);
    const long long id = before.value_or(std::numeric_limits<int64_t>::max());
    const soci::rowset<soci::row> rows =
        (session.sql().prepare
             << "SELECT id, at, who, what, detail FROM audit WHERE id < :before ORDER BY id DESC LIMIT :limit",
         soci::use(id), soci::use(limit));
    std::vector<AuditEntry> entries;
    for (const soci::row& row : rows) entries.push_back(entry_of(row));
    return entries;
  });
}

Result<std::vector<AuditEntry>> AuditTable::list(size_t count, size_t skipped) {
  return guarded("list who changed what", [&]() -> Result<std::vector<AuditEntry>> {
    auto session = database_.session();
    const auto limit = static_cast<long long>(count), offset = static_cast<long long>(skipped);
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT id, at, who, what, detail FROM audit ORDER BY id DESC "
                                  "LIMIT :limit OFFSET :offset",
         soci::use(limit), soci::use(offset));
    std::vector<AuditEntry> entries;
    for (const soci::row& row : rows) entries.push_back(entry_of(row));
    return entries;
  });
}

Result<void> AuditTable::forget_before(Timestamp before) {
  return guarded("forget old changes", [&]() -> Result<void> {
    const long long until = to_db(before);
    database_.session().sql() << "DELETE FROM audit WHERE at < :before", soci::use(until);
    return {};
  });
}

}  // namespace mps::catalog
