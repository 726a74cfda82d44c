#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "metric/sample.h"

namespace mps::service {

// A table of figures over time, as a CSV file holds it.
struct TimeTable {
  std::vector<Timestamp> times;             // ascending; of equal stamps the last row was kept
  std::vector<std::string> columns;         // headers but that of the time
  std::vector<std::vector<double>> values;  // [column][row]; NaN where the cell was empty or no number
  size_t cells_unreadable = 0;              // neither empty nor a number
  size_t rows_unreadable = 0;               // no time, or another number of cells than the header
};

// Reads CSV (RFC 4180; comma, or semicolon where the header has no comma), gunzipping where it is gzip. The header has
// a column named timestamp, time or date: seconds since 1970 or RFC 3339. Fails with kInvalidArgument when there is no
// such header or no usable row.
Result<TimeTable> read_csv(std::string_view bytes);

// A cell as CSV wants it: quoted where it must be.
std::string csv_cell(std::string_view text);

}  // namespace mps::service
