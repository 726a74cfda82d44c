#include "catalog/rules.h"

#include "catalog/row.h"

namespace mps::catalog {

Result<void> Rules::set(const RuleRow& rule) {
  return guarded("set the rule", [&]() -> Result<void> {
    const long long server = to_db(rule.server), hold = to_db(rule.hold), repeat = to_db(rule.repeat);
    database_.session().sql()
        << "INSERT INTO rule (server, resource, above, clear, hold, repeat_every) "
           "VALUES (:server, :resource, :above, :clear, :hold, :repeat) "
           "ON CONFLICT (server, resource) DO UPDATE SET above = excluded.above, clear = excluded.clear, "
           "hold = excluded.hold, repeat_every = excluded.repeat_every",
        soci::use(server), soci::use(rule.resource), soci::use(rule.above), soci::use(rule.clear), soci::use(hold),
        soci::use(repeat);
    return {};
  });
}

Result<std::vector<RuleRow>> Rules::list() {
  return guarded("list the rules", [&]() -> Result<std::vector<RuleRow>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows =
        session.sql().prepare
        << "SELECT server, resource, above, clear, hold, repeat_every FROM rule ORDER BY server, resource";
    std::vector<RuleRow> rules;
    for (const soci::row& row : rows) {
      rules.push_back({ServerId(get_integer(row, 0)), row.get<std::string>(1), row.get<double>(2), row.get<double>(3),
                       Duration(get_integer(row, 4)), Duration(get_integer(row, 5))});
    }
    return rules;
  });
}

Result<bool> Rules::remove(ServerId server, const std::string& resource) {
  return guarded("remove the rule", [&]() -> Result<bool> {
    auto session = database_.session();
    const long long key = to_db(server);
    long long count = 0;
    session.sql() << "SELECT count(*) FROM rule WHERE server = :server AND resource = :resource", soci::use(key),
        soci::use(resource), soci::into(count);
    session.sql() << "DELETE FROM rule WHERE server = :server AND resource = :resource", soci::use(key),
        soci::use(resource);
    return count > 0;
  });
}

}  // namespace mps::catalog
