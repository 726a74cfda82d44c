#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/error.h"

namespace soci {
class session;
}

namespace mps::catalog {

// The small relational state. One connection, one user at a time: take a Session, use it, let it go.
// SQL here is what SQLite and PostgreSQL both speak. Times are nanoseconds since 1970, UTC.
class Database {
 public:
  // `url`: "sqlite3://PATH". Creates or upgrades the tables. Fails with kIo, kCorrupt, kInvalidArgument (unknown
  // engine).
  static Result<std::unique_ptr<Database>> open(const std::string& url);
  ~Database();

  // Exclusive use of the connection. Nothing in it may call out to other rooms.
  class Session {
   public:
    soci::session& sql() { return *sql_; }

   private:
    friend class Database;
    Session(std::unique_lock<std::recursive_mutex> lock, soci::session* sql) : lock_(std::move(lock)), sql_(sql) {}
    std::unique_lock<std::recursive_mutex> lock_;
    soci::session* sql_;
  };
  Session session();

  // Runs `body` in one transaction: all of its writes happen, or none. Whatever it uses of this folder inside joins the
  // transaction. An Error returned, or an exception of the library, rolls back.
  template <class Body>
  Result<void> transaction(Body body);

 private:
  Database();
  void begin();
  void commit();
  void rollback() noexcept;

  std::recursive_mutex mutex_;
  std::unique_ptr<soci::session> sql_;
  int depth_ = 0;
};

// The file of "sqlite3://PATH". Fails with kInvalidArgument for another engine.
Result<std::string> sqlite_path(const std::string& url);

// The library's exceptions stop here: runs `body`, turns what SOCI throws into an Error that says `what` was being
// done.
Error database_error(const char* what, const std::exception& failure);

template <class Body>
auto guarded(const char* what, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& failure) {
    return database_error(what, failure);
  }
}

template <class Body>
Result<void> Database::transaction(Body body) {
  const std::unique_lock lock(mutex_);
  return guarded("change the catalog", [&]() -> Result<void> {
    begin();
    try {
      Result<void> result = body();
      if (result) {
        commit();
      } else {
        rollback();
      }
      return result;
    } catch (...) {
      rollback();
      throw;
    }
  });
}

}  // namespace mps::catalog
