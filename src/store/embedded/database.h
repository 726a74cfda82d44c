#pragma once

#include <cstdint>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <string_view>

#include "base/error.h"

// The few things of SQLite's C interface that the store needs, with errors as Result. Not thread-safe: one connection,
// one thread at a time.
namespace mps::store {

class Statement {
 public:
  Statement() = default;
  // Parameters count from 1. The bytes must live until step has returned for the last time.
  Statement& bind(int at, int64_t value);
  Statement& bind_text(int at, std::string_view text);
  Statement& bind_blob(int at, std::string_view bytes);

  // True for a row, false at the end. After the end, or an error, the statement is ready for the next use.
  Result<bool> step();
  // Runs to the end.
  Result<void> run();
  void reset();

  int64_t integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  // A view that lives until the next step or reset.
  std::string_view bytes(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  Database() = default;
  // Makes the file where it is missing, unless `read_only`. `vfs` may be empty.
  static Result<Database> open(const std::string& path, const std::string& vfs, bool read_only);

  Result<Statement> prepare(std::string_view sql) const;
  Result<void> execute(const char* sql) const;  // one or more statements without results
  Result<int64_t> query_integer(std::string_view sql) const;
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// kCorrupt for broken files, kIo otherwise; the message is SQLite's, with the system's reason.
Error sqlite_error(sqlite3* handle);

}  // namespace mps::store
