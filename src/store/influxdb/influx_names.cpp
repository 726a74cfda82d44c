#include "store/influxdb/influx_names.h"

#include <array>
#include <charconv>
#include <fmt/format.h>

namespace mps::store {
namespace {

constexpr std::array<std::string_view, 4> kSuffixes = {":f", ":i", ":u", ":b"};  // by ValueType

bool is_upper_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

bool looks_escaped(std::string_view text, size_t at) {
  return at + 2 < text.size() && text[at] == '%' && is_upper_hex(text[at + 1]) && is_upper_hex(text[at + 2]);
}

int hex_digit(char c) {
  return c <= '9' ? c - '0' : c - 'A' + 10;
}

// How many bytes of valid UTF-8 (RFC 3629) begin here; 0 where none do.
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF && follows(1)) return 2;
  if (first >= 0xE0 && first <= 0xEF && follows(1) && follows(2)) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0, surrogate = first == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4 && follows(1) && follows(2) && follows(3)) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90, beyond = first == 0xF4 && byte(1) >= 0x90;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

void append_escaped_byte(std::string& out, char c) {
  fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
}

bool escape_first(std::string_view name, NameKind kind) {
  if (kind == NameKind::kTagValue) return false;
  return name.front() == '_' || name.front() == '#' || name == "time" || name == kServerTag;
}

bool has_type_suffix(std::string_view name) {
  for (const std::string_view suffix : kSuffixes) {
    if (name.size() > suffix.size() && name.ends_with(suffix)) return true;
  }
  return false;
}

}  // namespace

std::string influx_name(std::string_view name, NameKind kind) {
  if (name.empty()) return "%00";
  std::string out;
  const bool typed = has_type_suffix(name) || (name.size() > kTextSuffix.size() && name.ends_with(kTextSuffix));
  const size_t colon = kind == NameKind::kFieldKey && typed ? name.size() - 2 : name.size();
  for (size_t i = 0; i < name.size();) {
    const auto c = static_cast<unsigned char>(name[i]);
    const size_t length = utf8_length(name.substr(i));
    const bool escape = length == 0 || c < 0x20 || c == 0x7F || c == '\\' || looks_escaped(name, i) || i == colon ||
                        (i == 0 && escape_first(name, kind));
    if (escape) {
      append_escaped_byte(out, name[i++]);
    } else {
      out += name.substr(i, length);
      i += length;
    }
  }
  return out;
}

std::string name_from_influx(std::string_view name) {
  if (name == "%00") return "";
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    if (looks_escaped(name, i)) {
      out += static_cast<char>(hex_digit(name[i + 1]) * 16 + hex_digit(name[i + 2]));
      i += 2;
    } else {
      out += name[i];
    }
  }
  return out;
}

std::string_view type_suffix(ValueType type) {
  return kSuffixes[static_cast<size_t>(type)];
}

TypedName split_type_suffix(std::string_view influx_field) {
  if (has_type_suffix(influx_field)) {
    for (size_t i = 0; i < kSuffixes.size(); ++i) {
      if (influx_field.ends_with(kSuffixes[i]))
        return {influx_field.substr(0, influx_field.size() - 2), static_cast<ValueType>(i)};
    }
  }
  return {influx_field, std::nullopt};
}

void append_line_name(std::string& out, std::string_view name, NameKind kind) {
  for (const char c : name) {
    if (c == ',' || c == ' ' || (c == '=' && kind != NameKind::kMeasurement)) out += '\\';
    out += c;
  }
}

std::string influxql_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string influxql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\\';
    out += c;
  }
  return out + '\'';
}

void append_line_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '\\';
    out += c;
  }
  out += '"';
}

void append_line_value(std::string& out, Value value) {
  std::array<char, 32> buffer;
  std::to_chars_result written{};
  switch (value.type()) {
    case ValueType::kBoolean:
      out += value.bits() != 0 ? "true" : "false";
      return;
    case ValueType::kFloat:
      written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.as_double());
      break;
    case ValueType::kInteger:
    case ValueType::kUnsigned:
      written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<int64_t>(value.bits()));
      break;
  }
  out.append(buffer.data(), written.ptr);
  if (value.type() != ValueType::kFloat) out += 'i';
}

}  // namespace mps::store
