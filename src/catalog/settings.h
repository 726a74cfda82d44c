#pragma once

#include <optional>
#include <string>

#include "catalog/database.h"

namespace mps::catalog {

// Small persistent key-value state. Thread-safe.
class Settings {
 public:
  explicit Settings(Database& database) : database_(database) {}
  Result<std::optional<std::string>> get(const std::string& key);
  Result<void> set(const std::string& key, const std::string& value);
  Result<void> remove(const std::string& key);

 private:
  Database& database_;
};

}  // namespace mps::catalog
