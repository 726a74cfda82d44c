#pragma once

#include <string>

#include "catalog/database.h"
#include "metric/sample.h"

namespace mps::catalog {

// What somebody said of a forecast that was held against what came.
struct Opinion {
  ServerId server{};
  std::string resource;
  Timestamp origin;  // of the forecast
  int64_t user = 0;
  bool was_right = false;
  Timestamp at;
};

class Opinions {
 public:
  explicit Opinions(Database& database) : database_(database) {}
  Result<void> set(const Opinion& opinion);  // in place of what the same person said of it before
  struct Count {
    size_t right = 0, wrong = 0;
  };
  Result<Count> count(ServerId server, const std::string& resource);
  Result<void> remove_of(ServerId server);

 private:
  Database& database_;
};

}  // namespace mps::catalog
