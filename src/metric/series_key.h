#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace mps {

// The name of one series of a server: measurement, tags (sorted by name, without `host`) and field.
struct SeriesKey {
  std::string measurement;
  std::vector<std::pair<std::string, std::string>> tags;
  std::string field;

  // The value of a tag, "" where it is absent.
  std::string_view tag(std::string_view name) const;
  // "cpu,cpu=cpu-total usage_idle"; comma, space, '=' and backslash in names are escaped by a backslash, a newline is
  // "\n".
  std::string to_string() const;
  // The inverse of to_string. Fails with kInvalidArgument.
  static Result<SeriesKey> parse(std::string_view text);

  friend auto operator<=>(const SeriesKey&, const SeriesKey&) = default;
};

// Appends `text` to `out`, escaped as in SeriesKey::to_string.
void append_escaped(std::string& out, std::string_view text);

}  // namespace mps
