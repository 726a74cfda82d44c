#include "service/incident_book.h"

#include <fmt/format.h>

namespace mps::service {
namespace {

constexpr std::chrono::minutes kMorning = std::chrono::hours(8);

Error is_over(int64_t id) {
  return {ErrorCode::kInvalidArgument, fmt::format("incident {} is over already", id)};
}

}  // namespace

Result<std::vector<Subject>> IncidentBook::open() {
  MPS_TRY(const auto incidents, incidents_.list_open());
  std::vector<Subject> subjects;
  for (const auto& incident : incidents) subjects.push_back(writer_.subject(incident));
  return subjects;
}

Result<std::vector<Subject>> IncidentBook::recent(size_t count) {
  MPS_TRY(const auto incidents, incidents_.list_recent(count));
  std::vector<Subject> subjects;
  for (const auto& incident : incidents) subjects.push_back(writer_.subject(incident));
  return subjects;
}

Result<Subject> IncidentBook::open_incident(int64_t id) {
  MPS_TRY(Subject subject, writer_.subject(id));
  if (subject.incident.resolved_at) return is_over(id);
  return subject;
}

Result<std::vector<Subject>> IncidentBook::open_on(int64_t card) {
  MPS_TRY(const auto ids, cards_.incidents_on(card));
  std::vector<Subject> subjects;
  for (const int64_t id : ids) {
    MPS_TRY(const auto incident, incidents_.find(id));
    if (incident && !incident->resolved_at) subjects.push_back(writer_.subject(*incident));
  }
  if (subjects.empty()) return Error{ErrorCode::kNotFound, "nothing fires there any more"};
  return subjects;
}

Result<void> IncidentBook::write_acknowledged(Subject& subject, const std::string& who) {
  if (subject.incident.acknowledged_at) return {};
  const Timestamp now = clock_.now();
  MPS_TRY_VOID(incidents_.acknowledge(subject.incident.id, who, now));
  subject.incident.acknowledged_at = now;
  subject.incident.acknowledged_by = who;
  MPS_TRY_VOID(announcements_.changed(subject, "acknowledged", now));
  return {};
}

Result<void> IncidentBook::write_snoozed(Subject& subject, Timestamp until, const std::string& who) {
  const Timestamp now = clock_.now();
  if (until <= now) return Error{ErrorCode::kInvalidArgument, "a snooze must end in the future"};
  MPS_TRY_VOID(incidents_.snooze(subject.incident.id, until, who, now));
  subject.incident.snoozed_until = until;
  MPS_TRY_VOID(announcements_.changed(subject, "snoozed", now));
  return {};
}

Result<Subject> IncidentBook::acknowledge(int64_t id, const std::string& who) {
  MPS_TRY(Subject subject, open_incident(id));
  MPS_TRY_VOID(database_.transaction([&] { return write_acknowledged(subject, who); }));
  return subject;
}

Result<Subject> IncidentBook::snooze(int64_t id, Timestamp until, const std::string& who) {
  MPS_TRY(Subject subject, open_incident(id));
  MPS_TRY_VOID(database_.transaction([&] { return write_snoozed(subject, until, who); }));
  return subject;
}

Result<size_t> IncidentBook::acknowledge_card(int64_t card, const std::string& who) {
  MPS_TRY(auto subjects, open_on(card));
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    for (Subject& subject : subjects) MPS_TRY_VOID(write_acknowledged(subject, who));
    return {};
  }));
  return subjects.size();
}

Result<size_t> IncidentBook::snooze_card(int64_t card, Timestamp until, const std::string& who) {
  MPS_TRY(auto subjects, open_on(card));
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    for (Subject& subject : subjects) MPS_TRY_VOID(write_snoozed(subject, until, who));
    return {};
  }));
  return subjects.size();
}

Timestamp IncidentBook::next_morning(int64_t chat_id) {
  const Timestamp now = clock_.now();
  const auto hours = muting_.quiet_hours_of(chat_id);
  if (hours && *hours) {
    if (const auto zone = TimeZone::find((*hours)->zone))
      return zone->next_time_of_day(now + Duration(1), (*hours)->ends);
  }
  return zone_.next_time_of_day(now + Duration(1), kMorning);
}

}  // namespace mps::service
