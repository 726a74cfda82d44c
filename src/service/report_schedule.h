#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "catalog/outbox.h"
#include "catalog/settings.h"
#include "service/notifier.h"
#include "service/people.h"
#include "service/reports.h"

namespace mps::service {

// What a chat gets every day.
struct DailyReport {
  std::chrono::minutes at{8 * 60};  // local time of day
  TimeZone zone = {};
  std::string language = "en";
  ServerId server{};      // 0: all servers in one report
  std::string last = {};  // the date of the day that was reported last; "" for none
};

// Daily reports of the chats that want them: yesterday's, at the chat's own time. One that was missed while the hub was
// down is sent once it is back, unless it is more than 12 hours late. Thread-safe.
class ReportSchedule {
 public:
  static constexpr Duration kLateMax = std::chrono::hours(12);

  ReportSchedule(catalog::Database& database, People& people, const Servers& servers, const Reports& reports,
                 const Clock& clock)
      : database_(database),
        settings_(database),
        outbox_(database),
        people_(people),
        servers_(servers),
        reports_(reports),
        clock_(clock) {}

  // From the next time of day on.
  Result<void> set(int64_t chat, DailyReport wish);
  Result<void> remove(int64_t chat);
  Result<std::optional<DailyReport>> of(int64_t chat);

  // Puts what is due into the outbox; to be called every minute or so. Returns how many reports that are.
  Result<size_t> tick();

  // The message of an outbox row that tick() wrote: drawn when it leaves.
  struct Written {
    std::string html;
    OutgoingFile file;
  };
  Result<Written> write(const std::string& order) const;

 private:
  Result<bool> send_if_due(int64_t chat, DailyReport wish);

  catalog::Database& database_;
  catalog::Settings settings_;
  catalog::Outbox outbox_;
  People& people_;
  const Servers& servers_;
  const Reports& reports_;
  const Clock& clock_;
};

// The setting that holds the wish of a chat.
std::string daily_report_setting(int64_t chat);

}  // namespace mps::service
