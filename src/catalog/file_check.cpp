#include "catalog/file_check.h"

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "base/file.h"
#include "catalog/database.h"
#include "catalog/schema.h"

namespace mps::catalog {
namespace {

// SOCI would make a file that is missing.
Result<void> open_existing(soci::session& sql, const std::string& url) {
  MPS_TRY(const std::string path, sqlite_path(url));
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) return Error{ErrorCode::kNotFound, fmt::format("{} is missing", path)};
  sql.open(soci::sqlite3, fmt::format("dbname=\"{}\" timeout=10", path));
  return {};
}

Result<void> check_tables(soci::session& sql, std::vector<std::string>& broken) {
  const soci::rowset<std::string> pages = (sql.prepare << "PRAGMA integrity_check");
  for (const std::string& page : pages) {
    if (page != "ok") broken.push_back(page);
  }
  long long version = 0;
  sql << "SELECT coalesce(max(version), 0) FROM schema_version", soci::into(version);
  const auto known = static_cast<long long>(migrations().size());
  if (version < 1 || version > known)
    broken.push_back(fmt::format("its tables are of version {}; this program knows 1 to {}", version, known));
  return {};
}

}  // namespace

Result<void> copy_catalog(const std::string& url, const std::filesystem::path& to) {
  std::error_code missing;
  if (std::filesystem::exists(to, missing))
    return Error{ErrorCode::kAlreadyExists, fmt::format("{} is already there", to.string())};
  const auto copy = [&]() -> Result<void> {
    soci::session sql;
    MPS_TRY_VOID(open_existing(sql, url));
    const std::string path = to.string();
    sql << "VACUUM INTO :path", soci::use(path);
    return {};
  };
  MPS_TRY_VOID(guarded("copy the catalog", copy));
  return sync_to_disk(to);
}

std::vector<std::string> check_catalog(const std::string& url) {
  std::vector<std::string> broken;
  const auto checked = guarded("read the catalog", [&]() -> Result<void> {
    soci::session sql;
    MPS_TRY_VOID(open_existing(sql, url));
    return check_tables(sql, broken);
  });
  if (!checked) broken.push_back(checked.error().message);
  return broken;
}

}  // namespace mps::catalog
