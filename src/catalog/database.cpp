#include "catalog/database.h"

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "catalog/schema.h"

namespace mps::catalog {
namespace {

void run_script(soci::session& sql, std::string_view script) {
  while (!script.empty()) {
    const size_t end = std::min(script.find(';'), script.size());
    const std::string_view statement = script.substr(0, end);
    if (statement.find_first_not_of(" \n\t") != std::string_view::npos) sql << statement;
    script.remove_prefix(std::min(end + 1, script.size()));
  }
}

Result<void> migrate(soci::session& sql) {
  sql << "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)";
  long long version = 0;
  sql << "SELECT coalesce(max(version), 0) FROM schema_version", soci::into(version);
  const auto steps = migrations();
  if (version > static_cast<long long>(steps.size())) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("the catalog is of version {}, this program knows versions up to {}: use the newer program",
                    version, steps.size())};
  }
  for (auto step = static_cast<size_t>(version); step < steps.size(); ++step) {
    soci::transaction transaction(sql);
    run_script(sql, steps[step]);
    sql << "INSERT INTO schema_version (version) VALUES (:v)", soci::use(static_cast<long long>(step + 1));
    transaction.commit();
  }
  return {};
}

}  // namespace

Database::Database() : sql_(std::make_unique<soci::session>()) {}
Database::~Database() = default;

Result<std::string> sqlite_path(const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite3://";
  if (url.starts_with(kSqlite)) return url.substr(kSqlite.size());
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("'{}' is not a catalog that this program knows; write sqlite3:///path/catalog.db", url)};
}

Result<std::unique_ptr<Database>> Database::open(const std::string& url) {
  MPS_TRY(const std::string path, sqlite_path(url));
  return guarded("open the catalog", [&]() -> Result<std::unique_ptr<Database>> {
    std::unique_ptr<Database> database(new Database);
    soci::session& sql = *database->sql_;
    sql.open(soci::sqlite3, fmt::format("dbname=\"{}\" timeout=10 synchronous=full", path));
    std::string mode;
    sql << "PRAGMA journal_mode = WAL", soci::into(mode);
    MPS_TRY_VOID(migrate(sql));
    return database;
  });
}

Database::Session Database::session() {
  return Session(std::unique_lock(mutex_), sql_.get());
}

void Database::begin() {
  if (depth_ == 0) sql_->begin();
  ++depth_;
}

void Database::commit() {
  if (--depth_ == 0) sql_->commit();
}

void Database::rollback() noexcept {
  if (--depth_ > 0) return;  // the outermost transaction sees the error too, and rolls all of it back
  try {
    sql_->rollback();
  } catch (const std::exception&) {
    // SQLite has already rolled back by itself after some failures, and says that there is no transaction.
  }
}

Error database_error(const char* what, const std::exception& failure) {
  return Error{ErrorCode::kIo, fmt::format("cannot {}: {}", what, failure.what())};
}

}  // namespace mps::catalog
