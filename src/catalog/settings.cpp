#include "catalog/settings.h"

#include "catalog/row.h"

namespace mps::catalog {

Result<std::optional<std::string>> Settings::get(const std::string& key) {
  return guarded("read a setting", [&]() -> Result<std::optional<std::string>> {
    auto session = database_.session();
    std::string value;
    session.sql() << "SELECT value FROM setting WHERE name = :name", soci::use(key), soci::into(value);
    if (!session.sql().got_data()) return std::optional<std::string>();
    return std::optional<std::string>(value);
  });
}

Result<void> Settings::set(const std::string& key, const std::string& value) {
  return guarded("write a setting", [&]() -> Result<void> {
    database_.session().sql() << "INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO "
                                 "UPDATE SET value = excluded.value",
        soci::use(key), soci::use(value);
    return {};
  });
}

Result<void> Settings::remove(const std::string& key) {
  return guarded("remove a setting", [&]() -> Result<void> {
    database_.session().sql() << "DELETE FROM setting WHERE name = :name", soci::use(key);
    return {};
  });
}

}  // namespace mps::catalog
