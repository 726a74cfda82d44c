#include "base/time_zone.h"

#include <cstdlib>
#include <date/tz.h>
#include <exception>
#include <fmt/format.h>

namespace mps {
namespace {

const date::time_zone& zone_of(const void* pointer) {
  return *static_cast<const date::time_zone*>(pointer);
}

date::sys_time<Duration> to_date(Timestamp time) {
  return date::sys_time<Duration>(time.time_since_epoch());
}

}  // namespace

TimeZone::TimeZone() : name_("UTC"), zone_(date::locate_zone("UTC")) {}

Result<TimeZone> TimeZone::find(std::string_view name) {
  try {
    TimeZone zone;
    zone.zone_ = date::locate_zone(std::string(name));
    zone.name_ = name == "Etc/UTC" ? "UTC" : name;  // Debian's own name for it is nobody's
    return zone;
  } catch (const std::exception&) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is not a time zone; write an IANA name such as Europe/Berlin", name)};
  }
}

TimeZone TimeZone::local() {
  if (const char* tz = std::getenv("TZ"); tz != nullptr && *tz != '\0') {
    if (auto zone = find(tz[0] == ':' ? tz + 1 : tz)) return *zone;
  }
  try {
    return find(date::current_zone()->name()).value();
  } catch (const std::exception&) {
    return TimeZone();
  }
}

std::chrono::seconds TimeZone::offset_at(Timestamp time) const {
  return zone_of(zone_).get_info(std::chrono::floor<std::chrono::seconds>(to_date(time))).offset;
}

Timestamp TimeZone::next_time_of_day(Timestamp time, std::chrono::minutes since_midnight) const {
  const auto local = zone_of(zone_).to_local(to_date(time));
  for (auto day = date::floor<date::days>(local);; day += date::days(1)) {
    const auto instant = zone_of(zone_).to_sys(day + since_midnight, date::choose::earliest);
    const Timestamp candidate(std::chrono::duration_cast<Duration>(instant.time_since_epoch()));
    if (candidate >= time) return candidate;
  }
}

std::string TimeZone::format(Timestamp time, const char* format) const {
  return date::format(format, date::make_zoned(&zone_of(zone_), date::floor<std::chrono::seconds>(to_date(time))));
}

}  // namespace mps
