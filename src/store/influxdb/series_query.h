#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "metric/sample.h"
#include "metric/series_key.h"
#include "store/influxdb/field_types.h"
#include "store/influxdb/query_result.h"

// InfluxQL that reads one series, and what its answers say. Pure.
namespace mps::store {

// A series under the names that it has in InfluxDB.
struct SeriesPlace {
  std::string measurement, field;
  std::map<std::string, std::string> tags;  // with the server's
};
SeriesPlace place_of(const std::string& server_tag, const SeriesKey& series);

// Whether the tags of an answer are those of the series: tags that it lacks come as empty ones, where another series of
// the measurement has them.
bool same_tags(std::map<std::string, std::string> found, const std::map<std::string, std::string>& wanted);

// A series and where it is to be looked for. Views what it is made of.
struct Source {
  const SeriesPlace& place;
  const FieldTypes& types;
  const std::string& policy;

  // "name", or "name"::field where a tag has the same name.
  std::string field(const std::string& column) const;
  // FROM ... WHERE ... of the series and the range of times [from, to).
  std::string clauses(int64_t from, int64_t to) const;
};

// The samples of a range, one page of them.
std::string select_of(const Source& source, const std::vector<FieldTypes::Column>& columns, int64_t from, int64_t to);
// Appends those of one answer; the time of its last row, where the page is full.
std::optional<int64_t> take_page(const InfluxSeries& series, const std::vector<FieldTypes::Column>& columns,
                                 std::vector<Sample>& samples);

}  // namespace mps::store
