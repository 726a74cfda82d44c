#include "base/time_zone.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <date/tz.h>
#include <exception>
#include <fmt/format.h>
#include <optional>

namespace mps {
namespace {

const date::time_zone& zone_of(const void* pointer) {
  return *static_cast<const date::time_zone*>(pointer);
}

// "New York" and "new_york" are the same.
std::string plain_name(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c == ' ' && (plain.empty() || plain.back() == '_')) continue;
    plain += c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  while (plain.ends_with('_')) plain.pop_back();
  return plain;
}

// "utc+3", "gmt-5", "+3": the zone of that name counts the other way round.
std::optional<std::string> fixed_offset(std::string text) {
  if (text == "utc" || text == "gmt") return "UTC";
  if (text.starts_with("utc") || text.starts_with("gmt")) text.erase(0, 3);
  int hours = 0;
  const bool is_signed = text.starts_with('+') || text.starts_with('-');
  const char* end = text.data() + text.size();
  if (!is_signed) return std::nullopt;
  const auto [rest, failure] = std::from_chars(text.data() + 1, end, hours);
  if (failure != std::errc() || rest != end || hours > (text[0] == '+' ? 14 : 12)) return std::nullopt;
  return hours == 0 ? "UTC" : fmt::format("Etc/GMT{}{}", text[0] == '+' ? '-' : '+', hours);
}

const std::vector<std::string>& zone_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    try {
      for (const auto& zone : date::get_tzdb().zones) {
        const std::string& name = zone.name();
        if (name.find('/') != std::string::npos && !name.starts_with("Etc/")) all.push_back(name);
      }
    } catch (const std::exception&) {
      all.clear();  // a machine without the database knows UTC alone
    }
    return all;
  }();
  return names;
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

std::vector<std::string> TimeZone::matching(std::string_view text) {
  const std::string wanted = plain_name(text);
  if (wanted.empty()) return {};
  if (const auto offset = fixed_offset(wanted)) return {*offset};
  std::array<std::vector<std::string>, 3> by_rank;  // the whole name, the city, a part of the city
  for (const std::string& name : zone_names()) {
    const std::string known = plain_name(name), city = known.substr(known.rfind('/') + 1);
    if (known == wanted) by_rank[0].push_back(name);
    if (city == wanted) by_rank[1].push_back(name);
    if (city.find(wanted) != std::string::npos) by_rank[2].push_back(name);
  }
  const auto best = std::ranges::find_if(by_rank, [](const auto& names) { return !names.empty(); });
  return best == by_rank.end() ? std::vector<std::string>() : *best;
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
