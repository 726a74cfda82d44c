#include "store/influxdb/line_batch.h"

#include <fmt/format.h>

#include "store/influxdb/influx_names.h"

namespace mps::store {

void append_influx_line(std::string& out, const InfluxLine& line, std::string_view server_tag, FieldTypes& types) {
  const std::string measurement = influx_name(line.key->measurement, NameKind::kMeasurement);
  append_line_name(out, measurement, NameKind::kMeasurement);
  fmt::format_to(std::back_inserter(out), ",{}={}", kServerTag, server_tag);
  for (const auto& [name, value] : line.key->tags) {
    out += ',';
    append_line_name(out, influx_name(name, NameKind::kTagKey), NameKind::kTagKey);
    out += '=';
    append_line_name(out, influx_name(value, NameKind::kTagValue), NameKind::kTagValue);
  }
  char before = ' ';
  for (const auto& [name, value] : line.fields) {
    out += before;
    before = ',';
    const std::string field = influx_name(*name, NameKind::kFieldKey);
    append_line_name(out, types.name_for(measurement, field, value.type()), NameKind::kFieldKey);
    out += '=';
    append_line_value(out, value);
  }
  fmt::format_to(std::back_inserter(out), " {}\n", line.time);
}

void avoid_plain_names(const InfluxLine& line, FieldTypes& types) {
  const std::string measurement = influx_name(line.key->measurement, NameKind::kMeasurement);
  for (const auto& [name, value] : line.fields) types.avoid(measurement, influx_name(*name, NameKind::kFieldKey));
}

}  // namespace mps::store
