#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"

namespace mps::catalog {

// Somebody who may speak with the bot, in a chat of their own and in the groups that we know.
struct Person {
  int64_t user_id = 0;
  std::string name;  // as they are called in their app
  std::string role;  // "owner", "admin", "operator", "viewer"
  Timestamp joined_at;
  std::string invited_by;
};

// A link that lets one person in, once.
struct Invite {
  int64_t id = 0;
  std::string hash;  // SHA-256 of the code, which nobody keeps
  std::string role;
  Timestamp expires_at;
  std::string invited_by;
};

// Thread-safe; join a transaction.
class Persons {
 public:
  explicit Persons(Database& database) : database_(database) {}
  Result<void> add(const Person& person);
  Result<std::optional<Person>> find(int64_t user_id);
  Result<std::vector<Person>> list();  // who joined first comes first
  Result<void> set_role(int64_t user_id, const std::string& role);
  Result<void> remove(int64_t user_id);

 private:
  Database& database_;
};

class Invites {
 public:
  explicit Invites(Database& database) : database_(database) {}
  Result<void> add(const Invite& invite);
  Result<std::vector<Invite>> list(Timestamp now);  // those that still let somebody in
  Result<std::optional<Invite>> find(const std::string& hash, Timestamp now);
  Result<void> remove(int64_t id);
  Result<void> forget_expired(Timestamp now);

 private:
  Database& database_;
};

}  // namespace mps::catalog
