#include "wire/line_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace mps::wire {
namespace {

template <class Number, class... Format>
void append_number(std::string& out, Number number, Format... format) {
  std::array<char, 400> buffer;  // the longest double has 309 digits before the point, or 324 behind it
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format...);
  out.append(buffer.data(), written.ptr);
}

void append_name(std::string& out, std::string_view name, std::string_view escaped) {
  while (name.ends_with('\\')) name.remove_suffix(1);
  for (const char c : name) {
    constexpr std::string_view kControls = "\t\n\f\r";
    constexpr std::string_view kLetters = "tnfr";
    if (const size_t i = kControls.find(c); i != std::string_view::npos) {
      out += '\\';
      out += kLetters[i];
      continue;
    }
    const bool would_escape = c == '=' && out.ends_with('\\');  // the backslash that is part of a measurement
    if (would_escape || escaped.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_value(std::string& out, const Value& value, Unsigned unsigned_style) {
  switch (value.type()) {
    case ValueType::kFloat:
      append_number(out, value.as_double(), std::chars_format::fixed);
      return;
    case ValueType::kInteger:
      append_number(out, value.as_integer());
      out += 'i';
      return;
    case ValueType::kUnsigned: {
      constexpr uint64_t kIntegerMax = std::numeric_limits<int64_t>::max();
      const bool suffix = unsigned_style == Unsigned::kSuffix;
      append_number(out, suffix ? value.bits() : std::min(value.bits(), kIntegerMax));
      out += suffix ? 'u' : 'i';
      return;
    }
    case ValueType::kBoolean:
      out += value.bits() != 0 ? "true" : "false";
      return;
  }
}

bool empty_when_written(std::string_view name) {
  return name.find_first_not_of('\\') == std::string_view::npos;
}

bool writable(const Field& field) {
  if (empty_when_written(field.name)) return false;
  const Value* const value = std::get_if<Value>(&field.value);
  return value == nullptr || value->type() != ValueType::kFloat || std::isfinite(value->as_double());
}

}  // namespace

bool append_line(std::string& out, std::string_view measurement, std::span<const Tag> tags,
                 std::span<const Field> fields, std::optional<Timestamp> time, Unsigned unsigned_style) {
  if (empty_when_written(measurement) || std::none_of(fields.begin(), fields.end(), writable)) return false;
  append_name(out, measurement, ", ");
  for (const Tag& tag : tags) {
    if (empty_when_written(tag.name) || empty_when_written(tag.value)) continue;
    out += ',';
    append_name(out, tag.name, ", =");
    out += '=';
    append_name(out, tag.value, ", =");
  }
  char separator = ' ';
  for (const Field& field : fields) {
    if (!writable(field)) continue;
    out += std::exchange(separator, ',');
    append_name(out, field.name, ", =");
    out += '=';
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      append_text(out, *text);
    } else {
      append_value(out, std::get<Value>(field.value), unsigned_style);
    }
  }
  if (time) {
    out += ' ';
    append_number(out, time->time_since_epoch().count());
  }
  out += '\n';
  return true;
}

bool append_line(std::string& out, const PointBatch& batch, const Point& point, Unsigned unsigned_style) {
  return append_line(out, point.measurement, batch.tags(point), batch.fields(point), point.time, unsigned_style);
}

}  // namespace mps::wire
