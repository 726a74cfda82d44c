#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "catalog/incidents.h"
#include "catalog/silences.h"
#include "metric/sample.h"

namespace mps::service {

using catalog::QuietHours;
using catalog::Silence;

// "22:00" -> 1320 min. Fails with kInvalidArgument.
Result<std::chrono::minutes> parse_clock(const std::string& text);
// 1320 min -> "22:00".
std::string clock_of(std::chrono::minutes since_midnight);

// Is `now` within the quiet hours? Then when they end. Local time of day, across midnight and across clock changes: a
// time of day that a change skips counts as the moment of the change, one that comes twice as the first.
std::optional<Timestamp> quiet_until(const catalog::QuietHours& hours, Timestamp now);
// When they begin next, and when those end.
TimeRange next_quiet(const catalog::QuietHours& hours, Timestamp now);

// When people do not want to hear: silences and maintenance windows, and quiet hours of each chat. Asks the catalog
// alone, under its lock alone: may be called within a transaction. Thread-safe.
class Muting {
 public:
  explicit Muting(catalog::Database& database) : silences_(database), quiet_hours_(database) {}

  // The silence that covers the incident now.
  Result<std::optional<catalog::Silence>> silence_of(const catalog::Incident& incident, Timestamp now);
  Result<std::optional<Timestamp>> quiet_until(int64_t chat_id, Timestamp now);

  // From and until are checked: kInvalidArgument where it would end before it begins, or has ended already.
  Result<int64_t> add(const catalog::Silence& silence, Timestamp now);
  Result<void> end(int64_t id, Timestamp now);  // kNotFound
  Result<std::vector<catalog::Silence>> list(Timestamp from) { return silences_.list(from); }
  // Does the server bear this tag?
  Result<bool> has_tag(ServerId server, const std::string& tag);
  // Planned work on a server within `range`: what was measured then teaches nothing.
  Result<std::vector<TimeRange>> maintenance(ServerId server, TimeRange range);

  // kInvalidArgument where the zone is unknown, or both times are the same.
  Result<void> set_quiet(const catalog::QuietHours& hours);
  Result<void> remove_quiet(int64_t chat_id);  // kNotFound
  Result<std::vector<catalog::QuietHours>> quiet_hours() { return quiet_hours_.list(); }
  Result<std::optional<catalog::QuietHours>> quiet_hours_of(int64_t chat_id);
  Result<void> note_warned(catalog::QuietHours hours, Timestamp begins);

 private:
  Result<bool> is_about(const catalog::Silence& silence, ServerId server);

  catalog::Silences silences_;
  catalog::QuietHoursTable quiet_hours_;
};

}  // namespace mps::service
