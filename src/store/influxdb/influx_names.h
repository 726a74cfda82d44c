#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "metric/sample.h"

// How names of MPS are written in an InfluxDB: as they are, but for what one of its versions can't hold. Those bytes
// become %XX (upper case), and so does a '%' that would be read as one. Pure.
namespace mps::store {

// The tag that tells which server a series belongs to; no name that comes in is written as this.
inline constexpr std::string_view kServerTag = "mps_server";

enum class NameKind { kMeasurement, kTagKey, kTagValue, kFieldKey };

// Escaped are: control bytes, backslashes, and bytes that are not UTF-8; a leading '_' or '#'; the names "time" and
// "mps_server"; a field's ending that looks like a type (":i", ":s"). An empty name is "%00".
std::string influx_name(std::string_view name, NameKind kind);
// The inverse.
std::string name_from_influx(std::string_view name);

// The ending of a field that bears texts (attributes), which no figures share.
inline constexpr std::string_view kTextSuffix = ":s";

// ":f", ":i", ":u" or ":b": the ending of a field whose plain name bears values of another type.
std::string_view type_suffix(ValueType type);

// The plain name of a field and the type that its ending tells, if it has one.
struct TypedName {
  std::string_view plain;
  std::optional<ValueType> type;
};
TypedName split_type_suffix(std::string_view influx_field);

// `name` (escaped as above) as it stands in line protocol, and in InfluxQL: "name" and 'text'.
void append_line_name(std::string& out, std::string_view name, NameKind kind);
std::string influxql_name(std::string_view name);
std::string influxql_text(std::string_view text);

// A value as a field of line protocol; unsigned ones as the signed integer of the same bits, which 1.x can hold.
void append_line_value(std::string& out, Value value);
// A text, which has been through influx_name as a tag's value, as a field of line protocol.
void append_line_text(std::string& out, std::string_view text);

}  // namespace mps::store
