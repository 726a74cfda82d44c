#pragma once

#include <string>
#include <vector>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

// A rule as it was set. Which of the rules of different scopes is in force for a server, `service/rule_book.h` decides.
struct RuleRow {
  // What it is a rule of: at most one rule of each.
  ServerId server{};          // with `tag` "": of this server; 0: of every server
  std::string tag = {};       // of every server with this tag
  std::string kind = {};      // "threshold", "no_data" ...
  std::string resource = {};  // "" for no_data
  std::string instance = {};  // a mount point, or "" for all
  std::string direction = "above";
  std::string severity = "warning";

  bool off = false;  // asks for nothing, so that a broader rule does not either
  double threshold = 0;
  double clear = 0;
  bool per_core = false;  // the thresholds are to be multiplied by the server's cores
  Duration hold{};
  Duration repeat{};
  Duration within{};
};

class Rules {
 public:
  explicit Rules(Database& database) : database_(database) {}
  Result<void> set(const RuleRow& rule);  // replaces that of the same
  Result<std::vector<RuleRow>> list();
  Result<bool> remove(const RuleRow& rule);  // that of the same; false: there was none
  Result<void> remove_of(ServerId server);

 private:
  Database& database_;
};

}  // namespace mps::catalog
