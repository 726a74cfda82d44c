#pragma once

#include <optional>
#include <span>
#include <string>

#include "metric/point.h"

// Line protocol, written as Telegraf writes it: tags in the order given (sort them by name), floats without exponent or
// suffix, integers with 'i'.
namespace mps::wire {

// What becomes of an unsigned integer.
enum class Unsigned {
  kAsInteger,  // 'i', clamped to 2^63-1: what every InfluxDB takes, and Telegraf's default
  kSuffix,     // 'u', exact: what influx_uint_support = true sends
};

// Appends one line with its newline. False, and `out` unchanged, where no field can be written.
// As in Telegraf: NaN and infinite fields, nameless fields and tags, and tags without a value are left out; backslashes
// at the end of a name are dropped, and tab, newline, form feed and carriage return in names become \t \n \f \r (two
// bytes each, which no reader turns back).
bool append_line(std::string& out, std::string_view measurement, std::span<const Tag> tags,
                 std::span<const Field> fields, std::optional<Timestamp> time,
                 Unsigned unsigned_style = Unsigned::kAsInteger);

// The same for one point of `batch`.
bool append_line(std::string& out, const PointBatch& batch, const Point& point,
                 Unsigned unsigned_style = Unsigned::kAsInteger);

}  // namespace mps::wire
