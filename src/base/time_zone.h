#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace mps {

// An IANA time zone. Cheap to copy; immutable; thread-safe.
class TimeZone {
 public:
  TimeZone();  // UTC
  // "Europe/Berlin", "UTC". Fails with kInvalidArgument when the machine's database has no such zone.
  static Result<TimeZone> find(std::string_view name);
  // The names that somebody may mean who writes "berlin", "New York", "europe/moscow" or "UTC+3", the best ones alone;
  // empty where there is none.
  static std::vector<std::string> matching(std::string_view text);
  // The machine's own zone (TZ, then /etc/localtime); UTC where that can't be told.
  static TimeZone local();

  const std::string& name() const { return name_; }
  // Local time minus UTC at `time`.
  std::chrono::seconds offset_at(Timestamp time) const;
  // The first instant at or after `time` whose local time of day is `since_midnight`. A time of day that a clock change
  // skips counts as the instant of the change.
  Timestamp next_time_of_day(Timestamp time, std::chrono::minutes since_midnight) const;
  // strftime-like, in local time: format(t, "%H:%M"), "%d %b", "%a".
  std::string format(Timestamp time, const char* format) const;

 private:
  std::string name_;
  const void* zone_;  // date::time_zone, owned by the library for the program's life
};

}  // namespace mps
