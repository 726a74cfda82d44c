#include "service/muting.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

namespace mps::service {
namespace {

TimeZone zone_or_utc(const std::string& name) {
  const auto zone = TimeZone::find(name);
  return zone ? *zone : TimeZone();
}

}  // namespace

Result<std::chrono::minutes> parse_clock(const std::string& text) {
  unsigned hours = 0, minutes = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%2u:%2u%c", &hours, &minutes, &rest) == 2 && hours <= 23 && minutes <= 59)
    return std::chrono::minutes(hours * 60 + minutes);
  return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a time of day; write 22:00", text)};
}

std::string clock_of(std::chrono::minutes since_midnight) {
  return fmt::format("{:02}:{:02}", since_midnight.count() / 60, since_midnight.count() % 60);
}

std::optional<Timestamp> quiet_until(const catalog::QuietHours& hours, Timestamp now) {
  const TimeZone zone = zone_or_utc(hours.zone);
  const Timestamp after = now + Duration(1);
  const Timestamp ends = zone.next_time_of_day(after, hours.ends);
  return ends < zone.next_time_of_day(after, hours.begins) ? std::optional(ends) : std::nullopt;
}

TimeRange next_quiet(const catalog::QuietHours& hours, Timestamp now) {
  const TimeZone zone = zone_or_utc(hours.zone);
  const Timestamp begins = zone.next_time_of_day(now, hours.begins);
  return {begins, zone.next_time_of_day(begins + Duration(1), hours.ends)};
}

Result<bool> Muting::has_tag(ServerId server, const std::string& tag) {
  MPS_TRY(const auto tags, silences_.tags_of(server));
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

Result<bool> Muting::is_about(const catalog::Silence& silence, ServerId server) {
  if (silence.server != ServerId{} && silence.server != server) return false;
  if (silence.tag.empty()) return true;
  return has_tag(server, silence.tag);
}

Result<std::optional<catalog::Silence>> Muting::silence_of(const catalog::Incident& incident, Timestamp now) {
  MPS_TRY(const auto silences, silences_.list(now));
  for (const catalog::Silence& silence : silences) {
    if (silence.begins_at > now) continue;
    if (!silence.resource.empty() && silence.resource != incident.resource) continue;
    if (!silence.kind.empty() && silence.kind != incident.kind) continue;
    MPS_TRY(const bool covers, is_about(silence, incident.server));
    if (covers) return std::optional(silence);
  }
  return std::optional<catalog::Silence>();
}

Result<std::optional<Timestamp>> Muting::quiet_until(int64_t chat_id, Timestamp now) {
  MPS_TRY(const auto hours, quiet_hours_of(chat_id));
  return hours ? service::quiet_until(*hours, now) : std::nullopt;
}

Result<int64_t> Muting::add(const catalog::Silence& silence, Timestamp now) {
  if (silence.ends_at <= silence.begins_at || silence.ends_at <= now) {
    return Error{ErrorCode::kInvalidArgument, "a silence must end after it begins, and in the future"};
  }
  return silences_.add(silence);
}

Result<void> Muting::end(int64_t id, Timestamp now) {
  MPS_TRY(const bool ended, silences_.end(id, now));
  if (ended) return {};
  return Error{ErrorCode::kNotFound,
               fmt::format("there is no silence {} that is not over; 'silence list' shows them", id)};
}

Result<std::vector<TimeRange>> Muting::maintenance(ServerId server, TimeRange range) {
  MPS_TRY(const auto silences, silences_.list(range.from));
  std::vector<TimeRange> windows;
  for (const catalog::Silence& silence : silences) {
    if (!silence.maintenance || silence.begins_at >= range.to) continue;
    MPS_TRY(const bool covers, is_about(silence, server));
    if (covers) windows.push_back({std::max(silence.begins_at, range.from), std::min(silence.ends_at, range.to)});
  }
  return windows;
}

Result<void> Muting::set_quiet(const catalog::QuietHours& hours) {
  MPS_TRY_VOID(TimeZone::find(hours.zone));
  if (hours.begins == hours.ends)
    return Error{ErrorCode::kInvalidArgument, "quiet hours must not begin and end at the same time of day"};
  return quiet_hours_.set(hours);
}

Result<void> Muting::remove_quiet(int64_t chat_id) {
  MPS_TRY(const bool removed, quiet_hours_.remove(chat_id));
  if (removed) return {};
  return Error{ErrorCode::kNotFound, "this chat has no quiet hours"};
}

Result<std::optional<catalog::QuietHours>> Muting::quiet_hours_of(int64_t chat_id) {
  MPS_TRY(const auto all, quiet_hours_.list());
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& hours) { return hours.chat_id == chat_id; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

Result<void> Muting::note_warned(catalog::QuietHours hours, Timestamp begins) {
  hours.warned_for = begins;
  return quiet_hours_.set(hours);
}

}  // namespace mps::service
