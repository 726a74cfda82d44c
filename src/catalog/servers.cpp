#include "catalog/servers.h"

#include <fmt/format.h>
#include <map>

#include "catalog/row.h"

namespace mps::catalog {

Result<Server> Servers::add(const std::string& name, int64_t fleet_token, Timestamp now) {
  return guarded("add the server", [&]() -> Result<Server> {
    auto session = database_.session();
    long long same = 0;
    session.sql() << "SELECT count(*) FROM server WHERE name = :name", soci::use(name), soci::into(same);
    if (same > 0) return Error{ErrorCode::kAlreadyExists, fmt::format("there is a server named '{}' already", name)};
    const long long created = to_db(now), fleet = fleet_token;
    session.sql() << "INSERT INTO server (name, created_at, fleet_token) VALUES (:name, :created, :fleet)",
        soci::use(name), soci::use(created), soci::use(fleet);
    return Server{ServerId(last_id(session.sql(), "server")), name, now, fleet_token, {}};
  });
}

Result<std::vector<Server>> Servers::list() {
  return guarded("list the servers", [&]() -> Result<std::vector<Server>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows = session.sql().prepare
                                         << "SELECT id, name, created_at, fleet_token FROM server ORDER BY name";
    std::vector<Server> servers;
    for (const soci::row& row : rows) {
      servers.push_back({ServerId(get_integer(row, 0)),
                         row.get<std::string>(1),
                         time_from_db(get_integer(row, 2)),
                         get_integer(row, 3),
                         {}});
    }
    const soci::rowset<soci::row> tags = session.sql().prepare << "SELECT server, tag FROM server_tag ORDER BY tag";
    std::map<long long, std::vector<std::string>> by_server;
    for (const soci::row& row : tags) by_server[get_integer(row, 0)].push_back(row.get<std::string>(1));
    for (Server& server : servers) server.tags = by_server[to_db(server.id)];
    return servers;
  });
}

Result<void> Servers::set_tags(ServerId id, const std::vector<std::string>& tags) {
  return guarded("tag the server", [&]() -> Result<void> {
    const long long key = to_db(id);
    return database_.transaction([&]() -> Result<void> {
      auto session = database_.session();
      session.sql() << "DELETE FROM server_tag WHERE server = :server", soci::use(key);
      for (const std::string& tag : tags) {
        session.sql() << "INSERT INTO server_tag (server, tag) VALUES (:server, :tag)", soci::use(key), soci::use(tag);
      }
      return {};
    });
  });
}

Result<void> Servers::set_fleet_token(ServerId id, int64_t fleet_token) {
  return guarded("hand the server over", [&]() -> Result<void> {
    const long long key = to_db(id), fleet = fleet_token;
    database_.session().sql() << "UPDATE server SET fleet_token = :fleet WHERE id = :id", soci::use(fleet),
        soci::use(key);
    return {};
  });
}

Result<void> Servers::rename(ServerId id, const std::string& name) {
  return guarded("rename the server", [&]() -> Result<void> {
    const long long key = to_db(id);
    database_.session().sql() << "UPDATE server SET name = :name WHERE id = :id", soci::use(name), soci::use(key);
    return {};
  });
}

Result<void> Servers::remove(ServerId id) {
  return guarded("remove the server", [&]() -> Result<void> {
    const long long key = to_db(id);
    database_.session().sql() << "DELETE FROM server_tag WHERE server = :id", soci::use(key);
    database_.session().sql() << "DELETE FROM server WHERE id = :id", soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
