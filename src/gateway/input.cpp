#include "gateway/input.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mps::gateway {

void throw_exception_from_error(const InputFault& fault, const boost::source_location& where) {
  std::fprintf(stderr, "value() of a failed InputResult (%s) at %s:%u\n", fault.what.c_str(), where.file_name(),
               static_cast<unsigned>(where.line()));
  std::abort();
}

namespace input_detail {
namespace {

namespace json = boost::json;

constexpr size_t kJsonDepthMax = 16;
constexpr Duration kSpanMax = std::chrono::hours(24 * 36500);

size_t characters_in(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_among(std::string_view text, std::string_view values) {
  while (!values.empty()) {
    const size_t bar = values.find('|');
    if (values.substr(0, bar) == text) return true;
    values.remove_prefix(bar == std::string_view::npos ? values.size() : bar + 1);
  }
  return false;
}

std::string spelled(std::string_view values) {
  std::string out(values);
  for (size_t bar = out.find('|'); bar != std::string::npos; bar = out.find('|', bar)) out.replace(bar, 1, ", ");
  return out;
}

}  // namespace

InputResult<json::value> parse_json(std::string_view body) {
  if (body.empty()) return InputFault{"body", "is missing: send a JSON object"};
  boost::system::error_code failure;
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  json::value parsed = json::parse(body, failure, {}, options);
  if (failure == json::error::too_deep)
    return InputFault{"body", fmt::format("is nested deeper than {} levels", kJsonDepthMax)};
  if (failure) return InputFault{"body", fmt::format("is not JSON: {}", failure.message())};
  return parsed;
}

Fault check_text(const std::string& text, const Limits& limits, const std::string& where) {
  const size_t length = characters_in(text);
  if (!limits.values.empty() && !is_among(text, limits.values))
    return InputFault{where, fmt::format("must be one of: {}", spelled(limits.values))};
  if (length < limits.length_min)
    return InputFault{where, fmt::format("must have at least {} characters", limits.length_min)};
  if (limits.length_max > 0 && length > limits.length_max)
    return InputFault{where, fmt::format("has {} characters; at most {} are taken", length, limits.length_max)};
  return std::nullopt;
}

Fault check_number(double number, const Limits& limits, const std::string& where) {
  if (!std::isfinite(number)) return InputFault{where, "must be a finite number"};
  if (limits.min && number < *limits.min) return InputFault{where, fmt::format("must be at least {}", *limits.min)};
  if (limits.max && number > *limits.max) return InputFault{where, fmt::format("must be at most {}", *limits.max)};
  return std::nullopt;
}

Fault read_string(const json::value& json, const Limits& limits, const std::string& where, std::string& out) {
  if (!json.is_string()) return InputFault{where, "must be a text"};
  out.assign(json.get_string());
  if (valid_utf8(out) != out || out.find('\0') != std::string::npos)
    return InputFault{where, "must be UTF-8 without zero bytes"};
  return check_text(out, limits, where);
}

Fault read_time(const json::value& json, const std::string& where, Rfc3339& out) {
  constexpr const char* kHow = "must be a time in RFC 3339, such as 2026-11-26T08:00:00Z";
  if (!json.is_string()) return InputFault{where, kHow};
  const auto time = parse_time(std::string_view(json.get_string()));
  if (!time || *time < kTimeMin || *time > kTimeMax) return InputFault{where, kHow};
  out.time = *time;
  return std::nullopt;
}

Fault read_span(const json::value& json, const std::string& where, Span& out) {
  constexpr const char* kHow = "must be a length of time, such as 30m, 24h or 90d";
  if (!json.is_string()) return InputFault{where, kHow};
  const auto length = parse_duration(std::string_view(json.get_string()));
  if (!length || *length > kSpanMax) return InputFault{where, kHow};
  out.length = *length;
  return std::nullopt;
}

json::value json_of_text(const std::string& text, Kind kind) {
  if (kind == Kind::kBool && (text == "true" || text == "false")) return text == "true";
  if (kind == Kind::kNumber) {
    boost::system::error_code failure;
    json::value number = json::parse(text, failure);
    if (!failure && number.is_number()) return number;
  }
  return json::string(text);
}

Fault refuse_others(const json::object& object, std::span<const std::string_view> known, const std::string& where) {
  for (const auto& [key, value] : object) {
    if (std::find(known.begin(), known.end(), std::string_view(key)) != known.end()) continue;
    return InputFault{where, fmt::format("has no field '{}'; there are: {}",
                                         valid_utf8(std::string_view(key).substr(0, 100)), fmt::join(known, ", "))};
  }
  return std::nullopt;
}

}  // namespace input_detail
}  // namespace mps::gateway
