#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metric/sample.h"
#include "metric/series_key.h"
#include "store/influxdb/field_types.h"
#include "store/sample_store.h"

namespace mps::store {

// A line of line protocol to be: figures of one server with the same measurement, tags and time.
struct InfluxLine {
  ServerId server{};
  const SeriesKey* key = nullptr;  // its field counts for nothing
  int64_t time = 0;
  std::vector<std::pair<const std::string*, Value>> fields;
};

// Appends the line, with its newline, under the names that `types` gives, and with the tag of its server.
void append_influx_line(std::string& out, const InfluxLine& line, std::string_view server_tag, FieldTypes& types);

// Appends a server's attributes, a line each, whose only tag is that of the server. Names and texts are written as
// influx_names.h says, with kTextSuffix.
void append_influx_attributes(std::string& out, const Attributes& attributes, std::string_view server_tag);

// From now on no plain name of this line's fields is written with another type than it has in InfluxDB.
void avoid_plain_names(const InfluxLine& line, FieldTypes& types);

}  // namespace mps::store
