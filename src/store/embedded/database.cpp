#include "store/embedded/database.h"

#include <cstring>
#include <fmt/format.h>

namespace mps::store {

Error sqlite_error(sqlite3* handle) {
  const int code = sqlite3_errcode(handle) & 0xFF;
  const bool corrupt = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  const int system = sqlite3_system_errno(handle);
  const char* const file = sqlite3_db_filename(handle, "main");
  std::string message = fmt::format("{}: {}", file != nullptr ? file : "samples.db", sqlite3_errmsg(handle));
  if (system != 0 && code == SQLITE_IOERR) message += fmt::format(" ({})", std::strerror(system));
  return {corrupt ? ErrorCode::kCorrupt : ErrorCode::kIo, std::move(message)};
}

Statement& Statement::bind(int at, int64_t value) {
  sqlite3_bind_int64(statement_.get(), at, value);
  return *this;
}

Statement& Statement::bind_text(int at, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int at, std::string_view bytes) {
  sqlite3_bind_blob64(statement_.get(), at, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  Error error = sqlite_error(sqlite3_db_handle(statement_.get()));
  sqlite3_reset(statement_.get());
  return error;
}

Result<void> Statement::run() {
  for (;;) {
    MPS_TRY(const bool row, step());
    if (!row) return {};
  }
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::string_view Statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return {data, data == nullptr ? 0 : static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Result<Database> Database::open(const std::string& path, const std::string& vfs, bool read_only) {
  Database database;
  sqlite3* handle = nullptr;
  const int flags =
      SQLITE_OPEN_NOMUTEX | (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return Error{ErrorCode::kIo, fmt::format("{}: {}", path, sqlite3_errmsg(handle))};
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, 10'000);
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) return sqlite_error(handle_.get());
  Statement statement;
  statement.statement_.reset(made);
  return statement;
}

Result<void> Database::execute(const char* sql) const {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return sqlite_error(handle_.get());
  return {};
}

Result<int64_t> Database::query_integer(std::string_view sql) const {
  MPS_TRY(Statement statement, prepare(sql));
  MPS_TRY(const bool row, statement.step());
  return row ? statement.integer(0) : 0;
}

}  // namespace mps::store
