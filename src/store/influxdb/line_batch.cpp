#include "store/influxdb/line_batch.h"

#include <algorithm>
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

void append_influx_attributes(std::string& out, const Attributes& attributes, std::string_view server_tag) {
  for (const auto& [name, attribute] : attributes) {
    const size_t space = std::min(name.rfind(' '), name.size());
    const std::string_view measurement = std::string_view(name).substr(0, space);
    const std::string_view field = std::string_view(name).substr(std::min(space + 1, name.size()));
    append_line_name(out, influx_name(measurement, NameKind::kMeasurement), NameKind::kMeasurement);
    fmt::format_to(std::back_inserter(out), ",{}={} ", kServerTag, server_tag);
    append_line_name(out, influx_name(field, NameKind::kFieldKey), NameKind::kFieldKey);
    out += kTextSuffix;
    out += '=';
    append_line_text(out, influx_name(attribute.value, NameKind::kTagValue));
    fmt::format_to(std::back_inserter(out), " {}\n", attribute.time.time_since_epoch().count());
  }
}

void avoid_plain_names(const InfluxLine& line, FieldTypes& types) {
  const std::string measurement = influx_name(line.key->measurement, NameKind::kMeasurement);
  for (const auto& [name, value] : line.fields) types.avoid(measurement, influx_name(*name, NameKind::kFieldKey));
}

}  // namespace mps::store
