#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/declare.h"
#include "metric/resource.h"
#include "service/hub.h"

// What the routes of the REST API share.
namespace mps::gateway {

RouteAnswer refused(int status, std::string_view description);
RouteAnswer no_such_server();
// A file is described by its type alone.
RouteAnswer file_answer(std::string_view description, std::string_view content_type);
Response file_response(std::string content_type, std::string content);

// kInvalidArgument names those that there are.
Result<const Resource*> resource_named(const std::string& name);

// From and to as a client says them: RFC 3339, seconds since 1970, or "-24h" before now; `usual` is how far back it
// goes where nothing is said. kInvalidArgument where that is no stretch of time.
Result<TimeRange> range_between(const std::optional<std::string>& from, const std::optional<std::string>& to,
                                Duration usual, Timestamp now);
// The step that was asked for, or one that people like, for some 300 points. kInvalidArgument where it is under 1 s or
// gives over 11,000.
Result<Duration> step_for(TimeRange range, const std::optional<Span>& asked);

double seconds_of(Duration duration);

// Where the next page begins, as clients hand it back without looking into it.
std::string cursor_of(std::string_view place);
Result<std::string> place_of(const std::string& cursor);
Result<int64_t> number_in_cursor(const std::string& cursor);  // kInvalidArgument

// For the audit log: who asks did this.
void note(service::Hub& hub, const Call& call, service::Change change, std::string_view detail);

}  // namespace mps::gateway
