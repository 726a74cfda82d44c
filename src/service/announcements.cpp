#include "service/announcements.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "service/webhook.h"

namespace mps::service {

using catalog::Card;
using catalog::Incident;
using catalog::OutboxRow;

namespace {

constexpr size_t kReplyUnitsMax = 4000;

// "CPU was over 90 % from 14:03 to 14:20".
std::string meanwhile_line(const Meanwhile& each, Timestamp now, const Reader& reader) {
  const bool below = each.rule.direction == alert::Direction::kBelow;
  return say(reader.words.meanwhile,
             fmt::arg("name", reader.figures.title_of(*each.resource, escape_html(each.instance))),
             fmt::arg("state", limit_text(each.rule.threshold, below, each.resource, reader)),
             fmt::arg("since", clock_text(each.episode.breached_at, now, reader)),
             fmt::arg("until", clock_text(each.episode.ended_at.value_or(now), now, reader)));
}

std::string meanwhile_text(const IncidentEvent& event, Timestamp now, const Reader& reader) {
  std::vector<std::string> lines;
  for (const Meanwhile& each : event.meanwhile) lines.push_back(meanwhile_line(each, now, reader));
  const std::string head = say(reader.words.meanwhile_head, fmt::arg("name", escape_html(event.server.name)));
  return fit_lines(head, lines, kReplyUnitsMax, reader.words).html;
}

// Does anything of the newest still fire there? To edit a message about what is over would wake nobody.
Result<bool> is_alive(catalog::Cards& cards, catalog::Incidents& incidents, int64_t card) {
  constexpr size_t kLookedAt = 20;
  MPS_TRY(auto ids, cards.incidents_on(card));
  for (size_t i = 0; i < kLookedAt && !ids.empty(); ++i, ids.pop_back()) {
    MPS_TRY(const auto incident, incidents.find(ids.back()));
    if (incident && !incident->resolved_at) return true;
  }
  return false;
}

}  // namespace

Announcements::Announcements(catalog::Database& database, People& people, const Servers& servers, Muting& muting,
                             TimeZone zone, bool has_webhook)
    : database_(database),
      outbox_(database),
      cards_(database),
      chats_(database),
      incidents_(database),
      settings_(database),
      looks_(database, std::move(zone)),
      people_(people),
      servers_(servers),
      muting_(muting),
      has_webhook_(has_webhook) {}

Result<size_t> Announcements::announce(const IncidentEvent& event, const std::vector<int64_t>& audience,
                                       Timestamp now) {
  Incident written = event.incident;
  written.value = event.value;
  MPS_TRY_VOID(incidents_.update(written));
  // As people left it: `Alerts` knows nothing of acknowledged and snoozed.
  MPS_TRY(const auto known, incidents_.find(written.id));
  if (!known) return size_t{0};
  const Subject subject{*known, event.server.name, event.resource};
  size_t messages = 0;
  switch (event.transition) {
    case alert::Transition::kFired:
      for (const int64_t chat : audience) {
        MPS_TRY(const size_t count, fire(*known, chat, now));
        messages += count;
      }
      break;
    case alert::Transition::kRepeated: {
      // What comes and goes is well at this moment: its message says that it is held open, and a reply would be false.
      const bool is_well = event.flapping && !alert::beyond(event.rule, event.value);
      MPS_TRY(messages, is_well ? edit_cards(known->id, kEditEvery, now) : repeat(event, *known, now));
      break;
    }
    case alert::Transition::kResolved: {
      MPS_TRY(messages, resolve(*known, now));
      if (event.meanwhile.empty()) break;
      MPS_TRY(const size_t count, sum_up(event, *known, now));
      messages += count;
      break;
    }
  }
  const bool is_repeat = event.transition == alert::Transition::kRepeated;
  if (is_repeat && (known->acknowledged_at || (known->snoozed_until && *known->snoozed_until > now))) return messages;
  MPS_TRY(const size_t posted, post_to_webhook(subject,
                                               event.transition == alert::Transition::kFired ? "fired"
                                               : is_repeat                                   ? "repeated"
                                                                                             : "resolved",
                                               now));
  return messages + posted;
}

// The catalog is asked, not People: its lock comes before that of the catalog, which a transaction holds already.
Result<bool> Announcements::is_gone(int64_t chat) {
  MPS_TRY(const auto chats, chats_.list());
  const auto found = std::find_if(chats.begin(), chats.end(), [&](const auto& known) { return known.chat_id == chat; });
  return found == chats.end() || found->gone;
}

// As its people chose in /settings.
Result<bool> Announcements::is_wanted(int64_t chat, const Incident& incident) {
  const ChatLook look = looks_.of(chat);
  if (look.no_alerts) return false;
  if (look.tag.empty()) return true;
  return muting_.has_tag(incident.server, look.tag);
}

Result<bool> Announcements::is_quiet(int64_t chat, const Incident& incident, Timestamp now) {
  if (incident.severity == "critical") return false;
  MPS_TRY(const auto until, muting_.quiet_until(chat, now));
  return until.has_value();
}

Result<size_t> Announcements::fire(const Incident& incident, int64_t chat, Timestamp now) {
  MPS_TRY(const bool wanted, is_wanted(chat, incident));
  if (!wanted) return size_t{0};
  MPS_TRY(const auto silence, muting_.silence_of(incident, now));
  MPS_TRY(const bool quiet, is_quiet(chat, incident, now));
  if (!silence && !quiet) return show(incident.id, chat, now);
  MPS_TRY_VOID(cards_.hold_back({chat, incident.id, silence ? "silence" : "quiet", now}));
  return size_t{0};
}

// The first one goes out at once; what begins soon after it edits that same message into a list.
Result<size_t> Announcements::show(int64_t incident, int64_t chat, Timestamp now) {
  MPS_TRY(const auto newest, cards_.newest(chat, "incidents"));
  if (newest) {
    MPS_TRY(const size_t size, cards_.count_incidents(newest->id));
    MPS_TRY(const bool alive, is_alive(cards_, incidents_, newest->id));
    if (alive && now - newest->created_at < (size >= kStormSize ? kStormWindow : kGroupWindow)) {
      MPS_TRY_VOID(cards_.put(newest->id, incident));
      return edit_card(*newest, now + kEditEvery, now);
    }
  }
  Card card;
  card.chat_id = chat;
  card.created_at = now;
  MPS_TRY(card.id, cards_.add(card));
  MPS_TRY_VOID(cards_.put(card.id, incident));
  MPS_TRY_VOID(outbox_.add(OutboxRow{0, chat, incident, "", now, now, 0, "telegram", card.id, "card"}));
  return size_t{1};
}

// One edit waits for a card at most: what is written is what stands in the catalog when it leaves.
Result<size_t> Announcements::edit_card(const Card& card, Timestamp not_before, Timestamp now) {
  MPS_TRY(const bool waits, outbox_.is_waiting(card.id, "edit"));
  MPS_TRY(const bool gone, is_gone(card.chat_id));
  if (waits || gone) return size_t{0};
  MPS_TRY_VOID(outbox_.add(OutboxRow{0, card.chat_id, 0, "", now, not_before, 0, "telegram", card.id, "edit"}));
  return size_t{1};
}

Result<size_t> Announcements::edit_cards(int64_t incident, Duration delay, Timestamp now) {
  MPS_TRY(const auto cards, cards_.cards_of(incident));
  size_t messages = 0;
  for (const Card& card : cards) {
    MPS_TRY(const size_t size, cards_.count_incidents(card.id));
    MPS_TRY(const size_t count, edit_card(card, size == 1 ? now : now + delay, now));
    messages += count;
  }
  return messages;
}

Result<size_t> Announcements::repeat(const IncidentEvent& event, const Incident& incident, Timestamp now) {
  if (incident.acknowledged_at || (incident.snoozed_until && *incident.snoozed_until > now)) return size_t{0};
  MPS_TRY(const auto silence, muting_.silence_of(incident, now));
  if (silence) return size_t{0};
  MPS_TRY(const auto cards, cards_.cards_of(incident.id));
  size_t messages = 0;
  for (const Card& card : cards) {
    MPS_TRY(const bool quiet, is_quiet(card.chat_id, incident, now));
    if (quiet) continue;
    MPS_TRY(const size_t count, remind(card, {incident, event.server.name, event.resource}, event.rule.repeat, now));
    messages += count;
  }
  return messages;
}

// A reply to the card. Those about a list are one for all of it, written when they leave.
Result<size_t> Announcements::remind(const Card& card, const Subject& subject, Duration every, Timestamp now) {
  MPS_TRY(const bool gone, is_gone(card.chat_id));
  if (gone) return size_t{0};
  MPS_TRY(const size_t size, cards_.count_incidents(card.id));
  if (size > 1 && now - card.replied_at < every - every / 10) return size_t{0};
  Card replied = card;
  replied.replied_at = now;
  MPS_TRY_VOID(cards_.update(replied));
  const std::string html = size > 1 ? "" : reminder_text(subject, now, reader_of(looks_.of(card.chat_id)));
  MPS_TRY_VOID(
      outbox_.add(OutboxRow{0, card.chat_id, subject.incident.id, html, now, now, 0, "telegram", card.id, "reply"}));
  return size_t{1};
}

// What a silent server went through, learnt when its samples came in after all: one reply, no alarms.
Result<size_t> Announcements::sum_up(const IncidentEvent& event, const Incident& incident, Timestamp now) {
  MPS_TRY(const auto cards, cards_.cards_of(incident.id));
  size_t messages = 0;
  for (const Card& card : cards) {
    MPS_TRY(const bool gone, is_gone(card.chat_id));
    MPS_TRY(const bool quiet, is_quiet(card.chat_id, incident, now));
    if (gone || quiet) continue;
    const std::string html = meanwhile_text(event, now, reader_of(looks_.of(card.chat_id)));
    MPS_TRY_VOID(outbox_.add(OutboxRow{0, card.chat_id, incident.id, html, now, now, 0, "telegram", card.id, "reply"}));
    ++messages;
  }
  return messages;
}

Result<size_t> Announcements::resolve(const Incident& incident, Timestamp now) {
  MPS_TRY(const auto held, cards_.held_back());
  for (const catalog::HeldBack& row : held) {
    // Nobody asked to hear of what a silence covered from beginning to end; quiet hours end with a digest of it.
    if (row.incident == incident.id && row.reason == "silence") MPS_TRY_VOID(cards_.release(row.chat_id, row.incident));
  }
  return edit_cards(incident.id, kEditEvery, now);
}

Result<size_t> Announcements::ended_quietly(const Subject& subject, Timestamp now) {
  MPS_TRY(const size_t edits, resolve(subject.incident, now));
  MPS_TRY(const size_t posted, post_to_webhook(subject, "resolved", now));
  return edits + posted;
}

std::map<ServerId, std::string> Announcements::names_of_servers() const {
  std::map<ServerId, std::string> names;
  for (const Server& server : servers_.list()) names.emplace(server.id, server.name);
  return names;
}

Result<size_t> Announcements::changed(const Subject& subject, const std::string& what, Timestamp now) {
  MPS_TRY(const size_t edits, edit_cards(subject.incident.id, Duration::zero(), now));
  MPS_TRY(const size_t posted, post_to_webhook(subject, what, now));
  return edits + posted;
}

Result<size_t> Announcements::post_to_webhook(const Subject& subject, const std::string& what, Timestamp now) {
  if (!has_webhook_) return size_t{0};
  MPS_TRY(const auto silence, muting_.silence_of(subject.incident, now));
  MPS_TRY_VOID(outbox_.add(OutboxRow{0, 0, subject.incident.id, webhook_body(subject, what, silence.has_value(), now),
                                     now, now, 0, "webhook"}));
  return size_t{1};
}

}  // namespace mps::service
