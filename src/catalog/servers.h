#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

struct Server {
  ServerId id{};
  std::string name;
  Timestamp created_at;
  int64_t fleet_token = 0;             // that registered it; 0: a person did
  std::vector<std::string> tags = {};  // sorted; groups that rules can be set for
};

class Servers {
 public:
  explicit Servers(Database& database) : database_(database) {}
  Result<Server> add(const std::string& name, int64_t fleet_token, Timestamp now);  // kAlreadyExists
  Result<std::vector<Server>> list();                                               // by name
  Result<void> set_tags(ServerId id, const std::vector<std::string>& tags);         // in place of those it had
  Result<void> rename(ServerId id, const std::string& name);
  Result<void> set_fleet_token(ServerId id, int64_t fleet_token);
  Result<void> remove(ServerId id);

 private:
  Database& database_;
};

}  // namespace mps::catalog
