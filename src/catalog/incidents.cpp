#include "catalog/incidents.h"

#include <fmt/format.h>

#include "catalog/row.h"

namespace mps::catalog {
namespace {

constexpr const char* kColumns =
    "SELECT id, server, resource, instance, threshold, peak, breached_at, fired_at, notified_at, resolved_at, kind, "
    "severity, below, value, expected_at, expected_from, expected_to, acknowledged_at, acknowledged_by, snoozed_until, "
    "flapping, escalated, ended_why, server_name FROM incident ";

std::optional<Timestamp> optional_time(const soci::row& row, size_t column) {
  const long long time = get_integer(row, column);
  return time == 0 ? std::nullopt : std::optional(time_from_db(time));
}

long long optional_to_db(const std::optional<Timestamp>& time) {
  return time ? to_db(*time) : 0;
}

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
  incident.resolved_at = optional_time(row, 9);
  incident.kind = row.get<std::string>(10);
  incident.severity = row.get<std::string>(11);
  incident.below = get_integer(row, 12) != 0;
  incident.value = row.get<double>(13);
  incident.expected_at = optional_time(row, 14);
  incident.expected_from = optional_time(row, 15);
  incident.expected_to = optional_time(row, 16);
  incident.acknowledged_at = optional_time(row, 17);
  incident.acknowledged_by = row.get<std::string>(18);
  incident.snoozed_until = optional_time(row, 19);
  incident.flapping = get_integer(row, 20) != 0;
  incident.escalated = get_integer(row, 21);
  incident.ended_why = row.get<std::string>(22);
  incident.server_name = row.get<std::string>(23);
  return incident;
}

std::vector<Incident> fetch_incidents(soci::rowset<soci::row> rows) {
  std::vector<Incident> incidents;
  for (const soci::row& row : rows) incidents.push_back(from_row(row));
  return incidents;
}

Result<std::vector<Incident>> select(Database& database, const std::string& where) {
  return guarded("list the incidents", [&]() -> Result<std::vector<Incident>> {
    auto session = database.session();
    return fetch_incidents(session.sql().prepare << kColumns + where);
  });
}

void insert_event(soci::session& sql, long long incident, Timestamp at, const std::string& what,
                  const std::string& who = "") {
  const long long time = to_db(at);
  sql << "INSERT INTO incident_event (incident, at, what, who) VALUES (:incident, :at, :what, :who)",
      soci::use(incident), soci::use(time), soci::use(what), soci::use(who);
}

}  // namespace

Result<int64_t> Incidents::open(const Incident& incident) {
  return guarded("open the incident", [&]() -> Result<int64_t> {
    auto session = database_.session();
    const long long server = to_db(incident.server), breached = to_db(incident.breached_at),
                    fired = to_db(incident.fired_at), notified = to_db(incident.notified_at), below = incident.below,
                    expected = optional_to_db(incident.expected_at),
                    expected_from = optional_to_db(incident.expected_from),
                    expected_to = optional_to_db(incident.expected_to);
    session.sql()
        << "INSERT INTO incident (server, resource, instance, threshold, peak, breached_at, fired_at, "
           "notified_at, resolved_at, kind, severity, below, value, expected_at, expected_from, expected_to) "
           "VALUES (:server, :resource, :instance, :threshold, :peak, :breached, :fired, :notified, 0, :kind, "
           ":severity, :below, :value, :expected, :expected_from, :expected_to)",
        soci::use(server), soci::use(incident.resource), soci::use(incident.instance), soci::use(incident.threshold),
        soci::use(incident.peak), soci::use(breached), soci::use(fired), soci::use(notified), soci::use(incident.kind),
        soci::use(incident.severity), soci::use(below), soci::use(incident.value), soci::use(expected),
        soci::use(expected_from), soci::use(expected_to);
    const long long id = last_id(session.sql(), "incident");
    insert_event(session.sql(), id, incident.breached_at, "pending");
    insert_event(session.sql(), id, incident.fired_at, "firing");
    return id;
  });
}

Result<void> Incidents::update(const Incident& incident) {
  return guarded("update the incident", [&]() -> Result<void> {
    auto session = database_.session();
    const long long id = incident.id, notified = to_db(incident.notified_at),
                    resolved = optional_to_db(incident.resolved_at), expected = optional_to_db(incident.expected_at),
                    expected_from = optional_to_db(incident.expected_from),
                    expected_to = optional_to_db(incident.expected_to);
    long long was_resolved = 0;
    session.sql() << "SELECT resolved_at FROM incident WHERE id = :id", soci::into(was_resolved), soci::use(id);
    session.sql() << "UPDATE incident SET peak = :peak, value = :value, severity = :severity, notified_at = :notified, "
                     "resolved_at = :resolved, expected_at = :expected, expected_from = :expected_from, "
                     "expected_to = :expected_to WHERE id = :id",
        soci::use(incident.peak), soci::use(incident.value), soci::use(incident.severity), soci::use(notified),
        soci::use(resolved), soci::use(expected), soci::use(expected_from), soci::use(expected_to), soci::use(id);
    if (incident.resolved_at && was_resolved == 0) insert_event(session.sql(), id, *incident.resolved_at, "resolved");
    return {};
  });
}

Result<std::optional<Incident>> Incidents::find(int64_t id) {
  MPS_TRY(auto found, select(database_, fmt::format("WHERE id = {}", id)));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<std::vector<Incident>> Incidents::list_open() {
  return select(database_, "WHERE resolved_at = 0 ORDER BY id");
}

Result<std::vector<Incident>> Incidents::list_recent(size_t count) {
  return select(database_, fmt::format("ORDER BY id DESC LIMIT {}", count));
}

Result<std::vector<Incident>> Incidents::list_of(ServerId server, const std::string& resource,
                                                 const std::string& instance, Timestamp since) {
  return guarded("list the incidents of a series", [&]() -> Result<std::vector<Incident>> {
    const long long key = to_db(server), from = to_db(since);
    auto session = database_.session();
    const std::string query = fmt::format(
        "{}WHERE server = :server AND resource = :resource AND instance = :instance AND fired_at >= :since "
        "ORDER BY id DESC",
        kColumns);
    return fetch_incidents(
        (session.sql().prepare << query, soci::use(key), soci::use(resource), soci::use(instance), soci::use(from)));
  });
}

Result<void> Incidents::end(int64_t id, const std::string& why, Timestamp now) {
  return guarded("end the incident", [&]() -> Result<void> {
    auto session = database_.session();
    const long long time = to_db(now);
    session.sql() << "UPDATE incident SET resolved_at = :now, ended_why = :why WHERE id = :id", soci::use(time),
        soci::use(why), soci::use(id);
    insert_event(session.sql(), id, now, why);
    return {};
  });
}

Result<void> Incidents::keep_name(ServerId server, const std::string& name) {
  return guarded("keep the name of the server", [&]() -> Result<void> {
    const long long key = to_db(server);
    database_.session().sql() << "UPDATE incident SET server_name = :name WHERE server = :server", soci::use(name),
        soci::use(key);
    return {};
  });
}

Result<void> Incidents::forget_before(Timestamp before) {
  return guarded("forget old incidents", [&]() -> Result<void> {
    const std::string old =
        fmt::format("(SELECT id FROM incident WHERE resolved_at > 0 AND resolved_at < {})", to_db(before));
    auto session = database_.session();
    session.sql() << "DELETE FROM incident_event WHERE incident IN " + old;
    session.sql() << "DELETE FROM card_incident WHERE incident IN " + old;
    session.sql() << "DELETE FROM incident WHERE id IN " + old;
    return {};
  });
}

Result<void> Incidents::acknowledge(int64_t id, const std::string& who, Timestamp now) {
  return guarded("acknowledge the incident", [&]() -> Result<void> {
    auto session = database_.session();
    const long long time = to_db(now);
    session.sql() << "UPDATE incident SET acknowledged_at = :now, acknowledged_by = :who WHERE id = :id",
        soci::use(time), soci::use(who), soci::use(id);
    insert_event(session.sql(), id, now, "acknowledged", who);
    return {};
  });
}

Result<void> Incidents::snooze(int64_t id, std::optional<Timestamp> until, const std::string& who, Timestamp now) {
  return guarded("snooze the incident", [&]() -> Result<void> {
    auto session = database_.session();
    const long long time = optional_to_db(until);
    session.sql() << "UPDATE incident SET snoozed_until = :time WHERE id = :id", soci::use(time), soci::use(id);
    insert_event(session.sql(), id, now, until ? "snoozed" : "snooze over", who);
    return {};
  });
}

Result<void> Incidents::set_flapping(int64_t id, Timestamp now) {
  return guarded("mark the incident", [&]() -> Result<void> {
    auto session = database_.session();
    session.sql() << "UPDATE incident SET flapping = 1 WHERE id = :id", soci::use(id);
    insert_event(session.sql(), id, now, "flapping");
    return {};
  });
}

Result<void> Incidents::set_escalated(int64_t id, int64_t level, Timestamp now) {
  return guarded("escalate the incident", [&]() -> Result<void> {
    auto session = database_.session();
    session.sql() << "UPDATE incident SET escalated = :level WHERE id = :id", soci::use(level), soci::use(id);
    insert_event(session.sql(), id, now, "escalated");
    return {};
  });
}

Result<void> Incidents::add_event(const IncidentEvent& event) {
  return guarded("note what happened to the incident", [&]() -> Result<void> {
    auto session = database_.session();
    insert_event(session.sql(), event.incident, event.at, event.what, event.who);
    return {};
  });
}

Result<std::vector<IncidentEvent>> Incidents::events(int64_t id) {
  return guarded("read what happened to the incident", [&]() -> Result<std::vector<IncidentEvent>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows =
        (session.sql().prepare << "SELECT at, what, who FROM incident_event WHERE incident = :id ORDER BY id",
         soci::use(id));
    std::vector<IncidentEvent> events;
    for (const soci::row& row : rows)
      events.push_back({id, time_from_db(get_integer(row, 0)), row.get<std::string>(1), row.get<std::string>(2)});
    return events;
  });
}

}  // namespace mps::catalog
