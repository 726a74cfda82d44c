#include "catalog/opinions.h"

#include "catalog/row.h"

namespace mps::catalog {

Result<void> Opinions::set(const Opinion& opinion) {
  return guarded("keep the opinion", [&]() -> Result<void> {
    const long long server = to_db(opinion.server), origin = to_db(opinion.origin), user = opinion.user;
    const long long right = opinion.was_right ? 1 : 0, at = to_db(opinion.at);
    return database_.transaction([&]() -> Result<void> {
      auto session = database_.session();
      session.sql() << "DELETE FROM forecast_opinion WHERE server = :server AND resource = :resource AND "
                       "origin = :origin AND user_id = :user",
          soci::use(server), soci::use(opinion.resource), soci::use(origin), soci::use(user);
      session.sql() << "INSERT INTO forecast_opinion (server, resource, origin, user_id, was_right, said_at) VALUES "
                       "(:server, :resource, :origin, :user, :was_right, :said_at)",
          soci::use(server), soci::use(opinion.resource), soci::use(origin), soci::use(user), soci::use(right),
          soci::use(at);
      return {};
    });
  });
}

Result<Opinions::Count> Opinions::count(ServerId server, const std::string& resource) {
  return guarded("count the opinions", [&]() -> Result<Count> {
    const long long key = to_db(server);
    long long all = 0, right = 0;
    auto session = database_.session();
    session.sql() << "SELECT count(*), coalesce(sum(was_right), 0) FROM forecast_opinion WHERE server = :server AND "
                     "resource = :resource",
        soci::use(key), soci::use(resource), soci::into(all), soci::into(right);
    return Count{static_cast<size_t>(right), static_cast<size_t>(all - right)};
  });
}

Result<void> Opinions::remove_of(ServerId server) {
  return guarded("forget the opinions", [&]() -> Result<void> {
    const long long key = to_db(server);
    database_.session().sql() << "DELETE FROM forecast_opinion WHERE server = :server", soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
