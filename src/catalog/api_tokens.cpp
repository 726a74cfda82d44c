#include "catalog/api_tokens.h"

#include <fmt/format.h>

#include "catalog/row.h"

namespace mps::catalog {

Result<ApiToken> ApiTokens::add(const ApiToken& token) {
  return guarded("add the API token", [&]() -> Result<ApiToken> {
    auto session = database_.session();
    long long same = 0;
    session.sql() << "SELECT count(*) FROM api_token WHERE name = :name", soci::use(token.name), soci::into(same);
    if (same > 0)
      return Error{ErrorCode::kAlreadyExists, fmt::format("there is an API token named '{}' already", token.name)};
    const long long created = to_db(token.created_at), expires = token.expires_at ? to_db(*token.expires_at) : 0;
    session.sql() << "INSERT INTO api_token (name, hash, role, created_at, expires_at, created_by) "
                     "VALUES (:name, :hash, :role, :created, :expires, :by)",
        soci::use(token.name), soci::use(token.hash), soci::use(token.role), soci::use(created), soci::use(expires),
        soci::use(token.created_by);
    ApiToken added = token;
    added.id = last_id(session.sql(), "api_token");
    return added;
  });
}

Result<std::vector<ApiToken>> ApiTokens::list() {
  return guarded("list the API tokens", [&]() -> Result<std::vector<ApiToken>> {
    auto session = database_.session();
    const soci::rowset<soci::row> rows =
        session.sql().prepare << "SELECT id, name, hash, role, created_at, expires_at, created_by FROM api_token "
                                 "ORDER BY name";
    std::vector<ApiToken> tokens;
    for (const soci::row& row : rows) {
      const long long expires = get_integer(row, 5);
      tokens.push_back({get_integer(row, 0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3),
                        time_from_db(get_integer(row, 4)),
                        expires == 0 ? std::nullopt : std::optional(time_from_db(expires)), row.get<std::string>(6)});
    }
    return tokens;
  });
}

Result<void> ApiTokens::remove(int64_t id) {
  return guarded("remove the API token", [&]() -> Result<void> {
    const long long which = id;
    database_.session().sql() << "DELETE FROM api_token WHERE id = :id", soci::use(which);
    return {};
  });
}

}  // namespace mps::catalog
