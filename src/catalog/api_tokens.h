#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"

namespace mps::catalog {

// What lets a program ask the REST API, in the place of a person of that role.
struct ApiToken {
  int64_t id = 0;
  std::string name;  // what people call it; unique
  std::string hash;  // SHA-256 of the token, in hex; the token itself is nowhere
  std::string role;  // "owner", "admin", "operator", "viewer"
  Timestamp created_at;
  std::optional<Timestamp> expires_at;  // nothing: it does not
  std::string created_by;
};

// Thread-safe; join a transaction.
class ApiTokens {
 public:
  explicit ApiTokens(Database& database) : database_(database) {}
  Result<ApiToken> add(const ApiToken& token);  // with its id; kAlreadyExists
  Result<std::vector<ApiToken>> list();         // by name
  Result<void> remove(int64_t id);

 private:
  Database& database_;
};

}  // namespace mps::catalog
