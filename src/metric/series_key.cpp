#include "metric/series_key.h"

#include <fmt/format.h>
#include <optional>

namespace mps {
namespace {

// Takes the front of `rest` up to the first unescaped character of `ends`, which stays in `rest`. Nothing on a bad
// escape.
std::optional<std::string> take_until(std::string_view& rest, std::string_view ends) {
  std::string out;
  size_t i = 0;
  while (i < rest.size() && ends.find(rest[i]) == std::string_view::npos) {
    char c = rest[i++];
    if (c == '\\') {
      if (i == rest.size()) return std::nullopt;
      c = rest[i] == 'n' ? '\n' : rest[i];
      ++i;
    }
    out += c;
  }
  rest.remove_prefix(i);
  return out;
}

bool skip(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

}  // namespace

std::string_view SeriesKey::tag(std::string_view name) const {
  for (const auto& [key, value] : tags) {
    if (key == name) return value;
  }
  return {};
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == ',' || c == ' ' || c == '=' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

std::string SeriesKey::to_string() const {
  std::string out;
  append_escaped(out, measurement);
  for (const auto& [name, value] : tags) {
    out += ',';
    append_escaped(out, name);
    out += '=';
    append_escaped(out, value);
  }
  out += ' ';
  append_escaped(out, field);
  return out;
}

Result<SeriesKey> SeriesKey::parse(std::string_view text) {
  const Error wrong{ErrorCode::kInvalidArgument,
                    fmt::format("'{}' is not a series; write measurement,tag=value field", text)};
  std::string_view rest = text;
  SeriesKey key;
  auto measurement = take_until(rest, ", ");
  if (!measurement) return wrong;
  key.measurement = std::move(*measurement);
  while (skip(rest, ',')) {
    auto name = take_until(rest, "=, ");
    if (!name || !skip(rest, '=')) return wrong;
    auto value = take_until(rest, ", ");
    if (!value) return wrong;
    key.tags.emplace_back(std::move(*name), std::move(*value));
  }
  if (!skip(rest, ' ')) return wrong;
  auto field = take_until(rest, ", ");
  if (!field || !rest.empty()) return wrong;
  key.field = std::move(*field);
  return key;
}

}  // namespace mps
