#pragma once

#include <vector>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

struct RuleRow {
  ServerId server{};  // 0: every server
  std::string resource;
  double above = 0;
  double clear = 0;
  Duration hold{};
  Duration repeat{};
};

class Rules {
 public:
  explicit Rules(Database& database) : database_(database) {}
  Result<void> set(const RuleRow& rule);  // replaces that of the same server and resource
  Result<std::vector<RuleRow>> list();
  Result<bool> remove(ServerId server, const std::string& resource);  // false: there was none

 private:
  Database& database_;
};

}  // namespace mps::catalog
