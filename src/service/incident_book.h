#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "catalog/cards.h"
#include "catalog/incidents.h"
#include "service/announcements.h"
#include "service/card_writer.h"

namespace mps::service {

// What people see of incidents and do about them, from the chat and from the command line alike. Thread-safe.
class IncidentBook {
 public:
  IncidentBook(catalog::Database& database, Announcements& announcements, const CardWriter& writer, Muting& muting,
               const Clock& clock, TimeZone zone)
      : database_(database),
        incidents_(database),
        cards_(database),
        announcements_(announcements),
        writer_(writer),
        muting_(muting),
        clock_(clock),
        zone_(std::move(zone)) {}

  Result<std::vector<Subject>> open();                // oldest first
  Result<std::vector<Subject>> recent(size_t count);  // newest first, open or not
  // The `count` newest of those before `before` (by number; nothing: of all), open or not.
  Result<std::vector<Subject>> page(std::optional<int64_t> before, size_t count, bool only_open);
  Result<Subject> find(int64_t id) { return writer_.subject(id); }
  Result<std::vector<catalog::IncidentEvent>> history(int64_t id) { return incidents_.events(id); }

  // It repeats no more, and is not escalated. Once acknowledged it stays so: again does no harm. kNotFound;
  // kInvalidArgument where it is over.
  Result<Subject> acknowledge(int64_t id, const std::string& who);
  // No repeats before `until`; then one, if it still fires. kInvalidArgument where `until` is past.
  Result<Subject> snooze(int64_t id, Timestamp until, const std::string& who);

  // The same for all that still fires on a card. Returns how many there were. kNotFound: nothing fires there any more.
  Result<size_t> acknowledge_card(int64_t card, const std::string& who);
  Result<size_t> snooze_card(int64_t card, Timestamp until, const std::string& who);

  // When a chat's night is over: the end of its quiet hours, else 8 in the morning of the hub's zone.
  Timestamp next_morning(int64_t chat_id);

 private:
  Result<std::vector<Subject>> open_on(int64_t card);
  Result<Subject> open_incident(int64_t id);
  Result<void> write_acknowledged(Subject& subject, const std::string& who);
  Result<void> write_snoozed(Subject& subject, Timestamp until, const std::string& who);

  catalog::Database& database_;
  catalog::Incidents incidents_;
  catalog::Cards cards_;
  Announcements& announcements_;
  const CardWriter& writer_;
  Muting& muting_;
  const Clock& clock_;
  TimeZone zone_;
};

}  // namespace mps::service
