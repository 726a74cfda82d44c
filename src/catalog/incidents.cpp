#include "catalog/incidents.h"

#include <fmt/format.h>

#include "catalog/row.h"

namespace mps::catalog {
namespace {

constexpr const char* kColumns =
    "SELECT id, server, resource, instance, threshold, peak, breached_at, fired_at, notified_at, resolved_at, "
    "kind, severity FROM incident ";

Incident from_row(const soci::row& row) {
  Incident incident;
  incident.id = get_integer(row, 0);
  incident.server = ServerId(get_integer(row, 1));
  incident.resource = row.get<std::string>(2);
  incident.instance = row.get<std::string>(3);
  incident.threshold = row.get<double>(4);
  incident.peak = row.get<double>(5);
  incident.breached_at = time_from_db(get_integer(row, 6));
  incident.fired_at = time_from_db(get_integer(row, 7));
  incident.notified_at = time_from_db(get_integer(row, 8));
  if (const long long resolved = get_integer(row, 9); resolved != 0) incident.resolved_at = time_from_db(resolved);
  incident.kind = row.get<std::string>(10);
  incident.severity = row.get<std::string>(11);
  return incident;
}

Result<std::vector<Incident>> select(Database& database, const std::string& where) {
  return guarded("list the incidents", [&]() -> Result<std::vector<Incident>> {
    auto session = database.session();
    const soci::rowset<soci::row> rows = session.sql().prepare << kColumns + where;
    std::vector<Incident> incidents;
    for (const soci::row& row : rows) incidents.push_back(from_row(row));
    return incidents;
  });
}

}  // namespace

Result<int64_t> Incidents::open(const Incident& incident) {
  return guarded("open the incident", [&]() -> Result<int64_t> {
    auto session = database_.session();
    const long long server = to_db(incident.server), breached = to_db(incident.breached_at),
                    fired = to_db(incident.fired_at), notified = to_db(incident.notified_at);
    session.sql() << "INSERT INTO incident (server, resource, instance, threshold, peak, breached_at, fired_at, "
                     "notified_at, resolved_at, kind, severity) "
                     "VALUES (:server, :resource, :instance, :threshold, :peak, :breached, :fired, :notified, 0, "
                     ":kind, :severity)",
        soci::use(server), soci::use(incident.resource), soci::use(incident.instance), soci::use(incident.threshold),
        soci::use(incident.peak), soci::use(breached), soci::use(fired), soci::use(notified), soci::use(incident.kind),
        soci::use(incident.severity);
    return last_id(session.sql(), "incident");
  });
}

Result<void> Incidents::update(const Incident& incident) {
  return guarded("update the incident", [&]() -> Result<void> {
    const long long id = incident.id, notified = to_db(incident.notified_at),
                    resolved = incident.resolved_at ? to_db(*incident.resolved_at) : 0;
    database_.session().sql()
        << "UPDATE incident SET peak = :peak, notified_at = :notified, resolved_at = :resolved WHERE id = :id",
        soci::use(incident.peak), soci::use(notified), soci::use(resolved), soci::use(id);
    return {};
  });
}

Result<std::vector<Incident>> Incidents::list_open() {
  return select(database_, "WHERE resolved_at = 0 ORDER BY id");
}

Result<std::vector<Incident>> Incidents::list_recent(size_t count) {
  return select(database_, fmt::format("ORDER BY id DESC LIMIT {}", count));
}

Result<void> Incidents::remove_of(ServerId server) {
  return guarded("remove the incidents", [&]() -> Result<void> {
    const long long key = to_db(server);
    database_.session().sql() << "DELETE FROM incident WHERE server = :server", soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
