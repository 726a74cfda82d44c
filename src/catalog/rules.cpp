#include "catalog/rules.h"

#include "catalog/row.h"

namespace mps::catalog {
namespace {

const std::string kSameRule =
    " FROM alert_rule WHERE server = :server AND tag = :tag AND kind = :kind AND resource = :resource AND "
    "instance = :instance AND direction = :direction AND severity = :severity";

}  // namespace

Result<void> Rules::set(const RuleRow& rule) {
  return guarded("set the rule", [&]() -> Result<void> {
    const long long server = to_db(rule.server), off = rule.off, per_core = rule.per_core, hold = to_db(rule.hold),
                    repeat = to_db(rule.repeat), within = to_db(rule.within);
    database_.session().sql()
        << "INSERT INTO alert_rule (server, tag, kind, resource, instance, direction, severity, off, threshold, "
           "clear, per_core, hold, repeat_every, within) "
           "VALUES (:server, :tag, :kind, :resource, :instance, :direction, :severity, :off, :threshold, "
           ":clear, :per_core, :hold, :repeat, :within) "
           "ON CONFLICT (server, tag, kind, resource, instance, direction, severity) DO UPDATE SET "
           "off = excluded.off, threshold = excluded.threshold, clear = excluded.clear, per_core = excluded.per_core, "
           "hold = excluded.hold, repeat_every = excluded.repeat_every, within = excluded.within",
        soci::use(server), soci::use(rule.tag), soci::use(rule.kind), soci::use(rule.resource),
        soci::use(rule.instance), soci::use(rule.direction), soci::use(rule.severity), soci::use(off),
        soci::use(rule.threshold), soci::use(rule.clear), soci::use(per_core), soci::use(hold), soci::use(repeat),
        soci::use(within);
    return {};
  });
}

Result<std::vector<RuleRow>> Rules::list() {
  return guarded("list the rules", [&]() -> Result<std::vector<RuleRow>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows =
        session.sql().prepare
        << "SELECT server, tag, kind, resource, instance, direction, severity, off, threshold, clear, per_core, hold, "
           "repeat_every, within FROM alert_rule ORDER BY server, tag, resource, kind, instance, direction, severity";
    std::vector<RuleRow> rules;
    for (const soci::row& row : rows) {
      rules.push_back({ServerId(get_integer(row, 0)), row.get<std::string>(1), row.get<std::string>(2),
                       row.get<std::string>(3), row.get<std::string>(4), row.get<std::string>(5),
                       row.get<std::string>(6), get_integer(row, 7) != 0, row.get<double>(8), row.get<double>(9),
                       get_integer(row, 10) != 0, Duration(get_integer(row, 11)), Duration(get_integer(row, 12)),
                       Duration(get_integer(row, 13))});
    }
    return rules;
  });
}

Result<bool> Rules::remove(const RuleRow& rule) {
  return guarded("remove the rule", [&]() -> Result<bool> {
    auto session = database_.session();
    const long long key = to_db(rule.server);
    long long count = 0;
    session.sql() << "SELECT count(*)" + kSameRule, soci::use(key), soci::use(rule.tag), soci::use(rule.kind),
        soci::use(rule.resource), soci::use(rule.instance), soci::use(rule.direction), soci::use(rule.severity),
        soci::into(count);
    session.sql() << "DELETE" + kSameRule, soci::use(key), soci::use(rule.tag), soci::use(rule.kind),
        soci::use(rule.resource), soci::use(rule.instance), soci::use(rule.direction), soci::use(rule.severity);
    return count > 0;
  });
}

Result<void> Rules::remove_of(ServerId server) {
  return guarded("remove the rules", [&]() -> Result<void> {
    const long long key = to_db(server);
    database_.session().sql() << "DELETE FROM alert_rule WHERE server = :server", soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
