// The part of Announcements that comes with time alone.

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>

#include "base/text.h"
#include "catalog/audit.h"
#include "service/announcements.h"
#include "service/audit.h"

namespace mps::service {

using catalog::Card;
using catalog::Incident;
using catalog::OutboxRow;

namespace {

constexpr Duration kForgetEvery = std::chrono::hours(1);
constexpr Duration kOutboxKept = std::chrono::hours(24 * 30);

std::optional<Duration> seconds_of(const std::optional<std::string>& text) {
  int64_t seconds = 0;
  if (!text) return std::nullopt;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (failure != std::errc() || seconds <= 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

Result<std::vector<Subject>> Announcements::open_subjects() {
  MPS_TRY(const auto open, incidents_.list_open());
  std::vector<Subject> subjects;
  for (const Incident& incident : open) {
    const auto server = servers_.find(incident.server);
    if (server) subjects.push_back({incident, server->name, find_resource(incident.resource)});
  }
  return subjects;
}

Result<size_t> Announcements::tick(Timestamp now) {
  MPS_TRY(const auto open, open_subjects());
  size_t messages = 0;
  MPS_TRY(size_t count, release_held(now));
  messages += count;
  MPS_TRY(count, end_snoozes(open, now));
  messages += count;
  MPS_TRY(count, escalate(open, now));
  messages += count;
  MPS_TRY(count, warn_before_quiet(open, now));
  if (now - forgot_at_ >= kForgetEvery) MPS_TRY_VOID(forget(now));
  return messages + count;
}

Result<size_t> Announcements::release_held(Timestamp now) {
  size_t messages = 0;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY(const auto held, cards_.held_back());
    std::map<int64_t, std::vector<int64_t>> digests;  // incidents by chat
    for (const catalog::HeldBack& row : held) {
      if (row.reason == "silence") {
        MPS_TRY(const size_t count, release_silenced(row, now));
        messages += count;
        continue;
      }
      MPS_TRY(const auto quiet, muting_.quiet_until(row.chat_id, now));
      if (!quiet) digests[row.chat_id].push_back(row.incident);
    }
    for (const auto& [chat, incidents] : digests) {
      MPS_TRY(const size_t count, send_digest(chat, incidents, now));
      messages += count;
    }
    return {};
  }));
  return messages;
}

// What still fires when its silence ends is told then.
Result<size_t> Announcements::release_silenced(const catalog::HeldBack& held, Timestamp now) {
  MPS_TRY(const auto incident, incidents_.find(held.incident));
  if (incident && !incident->resolved_at) {
    MPS_TRY(const auto silence, muting_.silence_of(*incident, now));
    if (silence) return size_t{0};
  }
  MPS_TRY_VOID(cards_.release(held.chat_id, held.incident));
  if (!incident || incident->resolved_at) return size_t{0};
  return fire(*incident, held.chat_id, now);
}

// One message for all that happened in quiet hours; it lives on as the card of what still fires.
Result<size_t> Announcements::send_digest(int64_t chat, const std::vector<int64_t>& incidents, Timestamp now) {
  Card card;
  card.chat_id = chat;
  card.kind = "digest";
  card.created_at = now;
  MPS_TRY(card.id, cards_.add(card));
  for (const int64_t incident : incidents) {
    MPS_TRY_VOID(cards_.put(card.id, incident));
    MPS_TRY_VOID(cards_.release(chat, incident));
  }
  MPS_TRY_VOID(outbox_.add(OutboxRow{0, chat, 0, "", now, now, 0, "telegram", card.id, "card"}));
  return size_t{1};
}

Result<size_t> Announcements::end_snoozes(const std::vector<Subject>& open, Timestamp now) {
  size_t messages = 0;
  for (Subject subject : open) {
    Incident& incident = subject.incident;
    if (!incident.snoozed_until || *incident.snoozed_until > now) continue;
    incident.snoozed_until.reset();
    MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
      MPS_TRY_VOID(incidents_.snooze(incident.id, std::nullopt, "", now));
      MPS_TRY(const size_t edits, edit_cards(incident.id, kEditEvery, now));
      messages += edits;
      if (incident.acknowledged_at) return {};
      MPS_TRY(const auto cards, cards_.cards_of(incident.id));
      for (const Card& card : cards) {
        MPS_TRY(const bool quiet, is_quiet(card.chat_id, incident, now));
        if (quiet) continue;
        MPS_TRY(const size_t replies, remind(card, subject, kGroupWindow, now));
        messages += replies;
      }
      return {};
    }));
  }
  return messages;
}

// Chats of level 1 hear of what nobody acknowledged in time, those of level 2 after twice that time, and so on.
Result<size_t> Announcements::escalate(const std::vector<Subject>& open, Timestamp now) {
  MPS_TRY(const auto setting, settings_.get(kEscalateAfter));
  const auto after = seconds_of(setting);
  if (!after) return size_t{0};
  const auto chats = people_.chats();
  size_t messages = 0;
  for (const Subject& subject : open) {
    const Incident& incident = subject.incident;
    const auto due = static_cast<int64_t>((now - incident.fired_at) / *after);
    if (incident.acknowledged_at || incident.snoozed_until || due <= incident.escalated) continue;
    MPS_TRY(const auto silence, muting_.silence_of(incident, now));
    if (silence) continue;
    MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
      bool anybody = false;
      for (const catalog::Chat& chat : chats) {
        if (chat.gone || chat.level <= incident.escalated || chat.level > due) continue;
        anybody = true;
        MPS_TRY(const size_t count, fire(incident, chat.chat_id, now));
        messages += count;
      }
      if (!anybody) return {};
      return incidents_.set_escalated(incident.id, due, now);
    }));
  }
  return messages;
}

Result<size_t> Announcements::warn_before_quiet(const std::vector<Subject>& open, Timestamp now) {
  MPS_TRY(const auto all, muting_.quiet_hours());
  size_t messages = 0;
  for (const catalog::QuietHours& hours : all) {
    const TimeRange quiet = next_quiet(hours, now);
    if (quiet.from - now > kWarnBefore || hours.warned_for == quiet.from) continue;
    const Reader reader = reader_of(looks_.of(hours.chat_id));
    std::vector<std::string> lines;
    for (const Subject& subject : open) {
      const Incident& incident = subject.incident;
      MPS_TRY(const bool wanted, is_wanted(hours.chat_id, incident));
      if (wanted && incident.expected_at && quiet.contains(*incident.expected_at) && incident.severity != "critical")
        lines.push_back(incident_line(subject, now, reader));
    }
    if (lines.empty()) continue;
    const std::string head = say(reader.words.quiet_warning, fmt::arg("from", clock_text(quiet.from, now, reader)),
                                 fmt::arg("to", clock_text(quiet.to, now, reader)));
    MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
      MPS_TRY_VOID(muting_.note_warned(hours, quiet.from));
      MPS_TRY_VOID(
          outbox_.add(OutboxRow{0, hours.chat_id, 0, fit_lines(head, lines, 4000, reader.words).html, now, now}));
      return {};
    }));
    ++messages;
  }
  return messages;
}

Result<void> Announcements::forget(Timestamp now) {
  forgot_at_ = now;
  return database_.transaction([&]() -> Result<void> {
    MPS_TRY_VOID(incidents_.forget_before(now - kHistory));
    MPS_TRY_VOID(cards_.forget_before(now - kOutboxKept));
    MPS_TRY_VOID(catalog::AuditTable(database_).forget_before(now - Audit::kKept));
    return outbox_.forget_before(now - kOutboxKept);
  });
}

}  // namespace mps::service
