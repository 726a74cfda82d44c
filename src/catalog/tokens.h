#pragma once

#include <string>
#include <vector>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

struct Token {
  int64_t id = 0;
  std::string hash;   // SHA-256 of the token, in hex; the token itself is nowhere
  std::string name;   // of a fleet token
  ServerId server{};  // 0: a fleet token
  Timestamp created_at{};
};

class Tokens {
 public:
  explicit Tokens(Database& database) : database_(database) {}
  Result<Token> add(const Token& token, Timestamp now);
  Result<std::vector<Token>> list();
  Result<void> remove_of(ServerId server);
  Result<void> remove(int64_t id);

 private:
  Database& database_;
};

}  // namespace mps::catalog
