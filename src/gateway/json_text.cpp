#include "gateway/json_text.h"

#include <boost/json.hpp>
#include <cmath>
#include <fmt/format.h>

namespace mps::gateway {
namespace {

namespace json = boost::json;

void append(std::string& out, const json::value& value);

void append(std::string& out, const json::array& array) {
  char before = '[';
  for (const json::value& element : array) {
    out += std::exchange(before, ',');
    append(out, element);
  }
  out += array.empty() ? "[]" : "]";
}

void append(std::string& out, const json::object& object) {
  char before = '{';
  for (const auto& [key, element] : object) {
    out += std::exchange(before, ',');
    out += json::serialize(json::string_view(key));
    out += ':';
    append(out, element);
  }
  out += object.empty() ? "{}" : "}";
}

void append(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::object:
      return append(out, value.get_object());
    case json::kind::array:
      return append(out, value.get_array());
    case json::kind::double_:
      if (!std::isfinite(value.get_double())) break;
      fmt::format_to(std::back_inserter(out), "{}", value.get_double());
      return;
    case json::kind::string:
      out += json::serialize(value.get_string());
      return;
    case json::kind::int64:
      fmt::format_to(std::back_inserter(out), "{}", value.get_int64());
      return;
    case json::kind::uint64:
      fmt::format_to(std::back_inserter(out), "{}", value.get_uint64());
      return;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case json::kind::null:
      break;
  }
  out += "null";
}

}  // namespace

std::string to_json_text(const json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace mps::gateway
