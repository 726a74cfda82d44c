#include "service/report_schedule.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

#include "base/text.h"
#include "catalog/chat_settings.h"
#include "service/muting.h"
#include "service/report_words.h"
#include "service/server_day.h"

namespace mps::service {
namespace {

// "08:00 en 0 2026-11-25 Europe/Berlin"; "-" stands for no date.
std::string to_setting(const DailyReport& wish) {
  return fmt::format("{} {} {} {} {}", clock_of(wish.at), wish.language, static_cast<int64_t>(wish.server),
                     wish.last.empty() ? "-" : wish.last, wish.zone.name());
}

Result<DailyReport> from_setting(const std::string& text) {
  std::istringstream words(text);
  std::string at, zone;
  int64_t server = 0;
  DailyReport wish;
  words >> at >> wish.language >> server >> wish.last >> zone;
  if (!words) return Error{ErrorCode::kCorrupt, fmt::format("the daily report '{}' can't be read", text)};
  MPS_TRY(wish.at, parse_clock(at));
  MPS_TRY(wish.zone, TimeZone::find(zone));
  wish.server = ServerId(server);
  if (wish.last == "-") wish.last.clear();
  return wish;
}

}  // namespace

std::string daily_report_setting(int64_t chat) {
  return fmt::format("daily_report.{}", chat);
}

Result<void> ReportSchedule::set(int64_t chat, DailyReport wish) {
  MPS_TRY_VOID(report_words(wish.language));
  // Yesterday's is not sent late because somebody asks for reports today.
  const std::string today = wish.zone.format(clock_.now(), "%Y-%m-%d");
  MPS_TRY(const TimeRange day, local_day(wish.zone, today));
  if (clock_.now() >= wish.zone.next_time_of_day(day.from, wish.at)) wish.last = yesterday(wish.zone, clock_.now());
  return settings_.set(daily_report_setting(chat), to_setting(wish));
}

Result<void> ReportSchedule::remove(int64_t chat) {
  return settings_.remove(daily_report_setting(chat));
}

Result<std::optional<DailyReport>> ReportSchedule::of(int64_t chat) {
  MPS_TRY(const auto kept, settings_.get(daily_report_setting(chat)));
  if (!kept) return std::optional<DailyReport>();
  MPS_TRY(DailyReport wish, from_setting(*kept));
  return std::optional(std::move(wish));
}

Result<size_t> ReportSchedule::tick() {
  size_t count = 0;
  for (const int64_t chat : people_.alert_chats()) {
    MPS_TRY(const auto wish, of(chat));
    if (!wish) continue;
    MPS_TRY(const bool sent, send_if_due(chat, *wish));
    count += sent ? 1 : 0;
  }
  return count;
}

Result<bool> ReportSchedule::send_if_due(int64_t chat, DailyReport wish) {
  const Timestamp now = clock_.now();
  const std::string date = yesterday(wish.zone, now);
  MPS_TRY(const TimeRange today, local_day(wish.zone, wish.zone.format(now, "%Y-%m-%d")));
  const Timestamp due = wish.zone.next_time_of_day(today.from, wish.at);
  if (wish.last == date || now < due || now - due > kLateMax) return false;
  wish.last = date;
  MPS_TRY(const auto chosen, catalog::ChatSettingsTable(database_).find(chat));
  const Units units = find_units(chosen ? chosen->units : "").value_or(Units::kBytes);
  const std::string order = fmt::format("{} {} {} {} {}", date, wish.language, static_cast<int64_t>(wish.server),
                                        wish.zone.name(), name_of(units));
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY_VOID(outbox_.add(catalog::OutboxRow{0, chat, 0, order, now, now, 0, "telegram", 0, "report"}));
    return settings_.set(daily_report_setting(chat), to_setting(wish));
  }));
  return true;
}

Result<ReportSchedule::Written> ReportSchedule::write(const std::string& order) const {
  std::istringstream words(order);
  ReportOptions options;
  int64_t id = 0;
  std::string zone, units;
  words >> options.date >> options.language >> id >> zone >> units;  // an older program wrote no units
  MPS_TRY(options.zone, TimeZone::find(zone));
  options.units = find_units(units).value_or(Units::kBytes);
  std::string name = "servers";
  Reports::Report report;
  if (id == 0) {
    MPS_TRY(report, reports_.of_fleet(options));
  } else {
    const auto server = servers_.find(ServerId(id));
    if (!server) return Error{ErrorCode::kNotFound, "the server of this report was removed"};
    MPS_TRY(report, reports_.of_server(*server, options));
    name = server->name;
  }
  std::ranges::replace(name, '/', '_');
  return Written{escape_html(report.caption),
                 {fmt::format("{}-{}.pdf", name, report.date), "application/pdf", std::move(report.pdf)}};
}

}  // namespace mps::service
