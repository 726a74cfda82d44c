#include "catalog/tokens.h"

#include "catalog/row.h"

namespace mps::catalog {

Result<Token> Tokens::add(const Token& token, Timestamp now) {
  return guarded("add the token", [&]() -> Result<Token> {
    auto session = database_.session();
    const long long server = to_db(token.server), created = to_db(now);
    session.sql() << "INSERT INTO token (hash, name, server, created_at) VALUES (:hash, :name, :server, :created)",
        soci::use(token.hash), soci::use(token.name), soci::use(server), soci::use(created);
    Token added = token;
    added.created_at = now;
    added.id = last_id(session.sql(), "token");
    return added;
  });
}

Result<std::vector<Token>> Tokens::list() {
  return guarded("list the tokens", [&]() -> Result<std::vector<Token>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows = session.sql().prepare
                                         << "SELECT id, hash, name, server, created_at FROM token";
    std::vector<Token> tokens;
    for (const soci::row& row : rows) {
      tokens.push_back({get_integer(row, 0), row.get<std::string>(1), row.get<std::string>(2),
                        ServerId(get_integer(row, 3)), time_from_db(get_integer(row, 4))});
    }
    return tokens;
  });
}

Result<void> Tokens::remove_of(ServerId server) {
  return guarded("remove the tokens", [&]() -> Result<void> {
    const long long key = to_db(server);
    database_.session().sql() << "DELETE FROM token WHERE server = :server", soci::use(key);
    return {};
  });
}

Result<void> Tokens::remove(int64_t id) {
  return guarded("remove the token", [&]() -> Result<void> {
    const long long key = id;
    database_.session().sql() << "DELETE FROM token WHERE id = :id", soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
