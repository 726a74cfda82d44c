#pragma once

#include <soci/soci.h>

#include "base/clock.h"
#include "metric/sample.h"

// Between our types and what the database holds. For the .cpp files of this folder alone.
namespace mps::catalog {

inline long long to_db(Timestamp time) {
  return time.time_since_epoch().count();
}
inline long long to_db(Duration duration) {
  return duration.count();
}
inline long long to_db(ServerId id) {
  return static_cast<long long>(id);
}
inline Timestamp time_from_db(long long value) {
  return Timestamp(Duration(value));
}

inline long long get_integer(const soci::row& row, size_t column) {
  // SQLite tells the type of a column by its declaration: an INTEGER PRIMARY KEY is an int, a BIGINT is a long long.
  switch (row.get_properties(column).get_data_type()) {
    case soci::dt_integer:
      return row.get<int>(column);
    case soci::dt_long_long:
      return row.get<long long>(column);
    case soci::dt_unsigned_long_long:
      return static_cast<long long>(row.get<unsigned long long>(column));
    default:
      throw soci::soci_error("column " + row.get_properties(column).get_name() + " is not an integer");
  }
}

inline long long last_id(soci::session& sql, const char* table) {
  long long id = 0;
  if (!sql.get_last_insert_id(table, id)) throw soci::soci_error("the database gives no id");
  return id;
}

}  // namespace mps::catalog
