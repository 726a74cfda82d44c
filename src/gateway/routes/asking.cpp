#include "gateway/routes/asking.h"

#include <charconv>
#include <fmt/format.h>

#include "base/text.h"

namespace mps::gateway {
namespace {

constexpr int64_t kPointsMax = 11'000;
constexpr int64_t kPointsUsual = 300;

Result<Timestamp> moment_of(const std::string& text, std::string_view name, Timestamp now) {
  Result<Timestamp> time = Error{};
  if (text.starts_with('-')) {
    const auto ago = parse_duration(std::string_view(text).substr(1));
    time = ago ? Result<Timestamp>(now - *ago) : ago.error();
  } else {
    time = parse_time(text);
  }
  if (time && *time >= kTimeMin && *time <= kTimeMax) return *time;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("{} '{}' is no time: write 2026-11-26T08:00:00Z, seconds since 1970, or -24h before now",
                           name, valid_utf8(text.substr(0, 100)))};
}

Duration usual_step(Duration length) {
  using namespace std::chrono_literals;
  for (const Duration step : {Duration(10s), Duration(30s), Duration(1min), Duration(5min), Duration(15min),
                              Duration(30min), Duration(1h), Duration(3h), Duration(6h), Duration(12h)})
    if (length / step <= kPointsUsual) return step;
  return 24h;
}

constexpr const char* kNoCursor = "cursor must be the `next` of the page before, as it came";
constexpr std::string_view kHexDigits = "0123456789abcdef";

}  // namespace

RouteAnswer refused(int status, std::string_view description) {
  return json_answer<api::Problem>(description, status, "application/problem+json");
}

RouteAnswer no_such_server() {
  return refused(404, "There is no such server");
}

RouteAnswer file_answer(std::string_view description, std::string_view content_type) {
  return {200, description, content_type, [](Schemas&) {
            return boost::json::object{{"type", "string"}, {"format", "binary"}};
          }};
}

Response file_response(std::string content_type, std::string content) {
  Response response;
  response.content_type = std::move(content_type);
  response.body = std::move(content);
  return response;
}

Result<const Resource*> resource_named(const std::string& name) {
  if (const Resource* resource = find_resource(name)) return resource;
  std::string known;
  for (const Resource& r : resources()) known += (known.empty() ? "" : ", ") + std::string(r.name);
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("resource '{}' is none of: {}", valid_utf8(name.substr(0, 100)), known)};
}

Result<TimeRange> range_between(const std::optional<std::string>& from, const std::optional<std::string>& to,
                                Duration usual, Timestamp now) {
  TimeRange range{now, now};
  if (to) {
    MPS_TRY(range.to, moment_of(*to, "to", now));
  }
  range.from = range.to - usual;
  if (from) {
    MPS_TRY(range.from, moment_of(*from, "from", now));
  }
  if (range.from >= range.to) return Error{ErrorCode::kInvalidArgument, "from must lie before to"};
  return range;
}

Result<Duration> step_for(TimeRange range, const std::optional<Span>& asked) {
  const Duration length = range.to - range.from;
  const Duration step = asked ? asked->length : usual_step(length);
  if (step < std::chrono::seconds(1)) return Error{ErrorCode::kInvalidArgument, "step must be at least 1s"};
  if (length / step < kPointsMax) return step;
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("{} in steps of {} are over {} points: ask for a longer step or a shorter range",
                           format_duration(length), format_duration(step), kPointsMax)};
}

double seconds_of(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::string cursor_of(std::string_view place) {
  std::string cursor;
  for (const char c : place) {
    const auto byte = static_cast<unsigned char>(c);
    cursor += {kHexDigits[byte >> 4], kHexDigits[byte & 15]};
  }
  return cursor;
}

Result<std::string> place_of(const std::string& cursor) {
  std::string place;
  for (size_t i = 0; i + 1 < cursor.size(); i += 2) {
    const size_t high = kHexDigits.find(cursor[i]), low = kHexDigits.find(cursor[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) break;
    place += static_cast<char>(high * 16 + low);
  }
  if (!place.empty() && place.size() * 2 == cursor.size()) return place;
  return Error{ErrorCode::kInvalidArgument, kNoCursor};
}

Result<int64_t> number_in_cursor(const std::string& cursor) {
  MPS_TRY(const std::string place, place_of(cursor));
  int64_t number = 0;
  const auto read = std::from_chars(place.data(), place.data() + place.size(), number);
  if (read.ec == std::errc() && read.ptr == place.data() + place.size()) return number;
  return Error{ErrorCode::kInvalidArgument, kNoCursor};
}

void note(service::Hub& hub, const Call& call, service::Change change, std::string_view detail) {
  hub.audit().note(call.caller.name, change, detail);
}

}  // namespace mps::gateway
