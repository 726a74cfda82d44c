#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "metric/frame.h"
#include "store/influxdb/series_query.h"

// Cells of a grid that InfluxDB reckons by GROUP BY time(), so that it need not send the samples. Pure.
namespace mps::store {

// One value per cell; NaN where InfluxDB knows nothing.
struct CellsThere {
  explicit CellsThere(size_t size) : values(size, std::numeric_limits<double>::quiet_NaN()), left(size) {}
  void leave_all() { left.assign(left.size(), true); }

  std::vector<double> values;
  std::vector<bool> left;  // to the samples: InfluxDB's way there is not ours, or not exact
};

// How one aggregate of one series is asked for. InfluxDB's figures are taken where they are those of GridAggregator:
// - one field has values in the cell, and they are floats or integers. Booleans are left, and unsigned integers, which
//   are signed ones there;
// - integers whose sum may pass 64 bits are left, for InfluxDB would wrap it.
// Rates are left as a whole: the sum of difference() over that of elapsed() would be the same but where a counter fell,
// and takes InfluxDB 1.6 longer than sending the samples.
class CellsQuery {
 public:
  // Nothing where it can be left to the samples alone.
  static std::optional<CellsQuery> make(const std::vector<FieldTypes::Column>& columns, Aggregate how);

  // Grids begin in 1970 or later.
  std::string statement(const Source& source, const Grid& grid) const;
  // The answer of a statement for `grid`, whose first cell is cell `first` of `cells`.
  void take(const InfluxSeries& series, const Grid& grid, size_t first, CellsThere& cells) const;

 private:
  // What stands of one field in an answer's row, from `first` on.
  struct Field {
    std::string name;
    ValueType type;
    std::vector<std::string> functions;  // the last one is count
    size_t first;
  };
  CellsQuery(Aggregate how, std::vector<Field> fields) : how_(how), fields_(std::move(fields)) {}
  std::optional<double> value_in(const InfluxSeries& series, size_t row) const;

  Aggregate how_;
  std::vector<Field> fields_;
};

}  // namespace mps::store
