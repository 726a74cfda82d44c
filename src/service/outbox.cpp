#include "service/outbox.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/log.h"
#include "base/text.h"
#include "service/chat_move.h"

namespace mps::service {
namespace {

using catalog::Card;
using catalog::OutboxRow;

constexpr Duration kBackoffMax = std::chrono::minutes(1);
constexpr Duration kLate = std::chrono::minutes(2);
constexpr size_t kSuffixMax = 200;  // what late_note and twice_note take at most

// 1 s, 2 s, 4 s ... 1 min, and never before the receiver wants it.
Duration backoff(int64_t attempts, Duration retry_after) {
  const Duration doubled = std::chrono::seconds(1) * (int64_t{1} << std::min<int64_t>(attempts, 9));
  return std::max(std::min(doubled, kBackoffMax), retry_after);
}

// What came too late says when it was written.
std::string late_note(const OutboxRow& row, Timestamp now, const Reader& reader) {
  if (now - std::max(row.created_at, row.attempts == 0 ? row.not_before : row.created_at) < kLate) return "";
  return fmt::format("\n<i>{}</i>",
                     say(reader.words.written_late, fmt::arg("time", clock_text(row.created_at, now, reader))));
}

// An attempt that nobody knows the end of: the hub was stopped in the middle of it.
std::string twice_note(const OutboxRow& row, const Reader& reader) {
  if (row.trying_since == Timestamp{}) return "";
  return fmt::format("\n<i>{}</i>", reader.words.perhaps_twice);
}

}  // namespace

Result<void> Outbox::add(int64_t chat_id, const std::string& html) {
  const Timestamp now = clock_.now();
  MPS_TRY_VOID(rows_.add({0, chat_id, 0, html, now, now, 0}));
  return {};
}

Result<void> Outbox::move_chat(int64_t from, int64_t to) {
  if (people_.knows_chat(from)) return people_.move_chat(from, to);
  return service::move_chat(database_, from, to, clock_.now());
}

Result<size_t> Outbox::deliver(Notifier& notifier, const std::string& channel) {
  if (channel == "telegram") {
    MPS_TRY(const auto chats, rows_.chats_waiting(clock_.now() - kSumAfter));
    for (const int64_t chat : chats) MPS_TRY_VOID(sum_up(chat));
  }
  auto delivered = deliver_due(notifier, channel);
  note_waiting(channel);
  return delivered;
}

Result<size_t> Outbox::deliver_due(Notifier& notifier, const std::string& channel) {
  size_t delivered = 0;
  for (;;) {
    MPS_TRY(const auto due, rows_.due(clock_.now(), channel));
    size_t delivered_now = 0;
    for (const OutboxRow& row : due) {
      MPS_TRY(const bool done, deliver_one(row, notifier));
      delivered_now += done ? 1 : 0;
    }
    delivered += delivered_now;
    if (delivered_now == 0) return delivered;  // nothing waits but what failed just now
  }
}

// Messages that waited for long become one card, which holds their incidents: it says what happened, with the original
// times, and goes on as the living message of what still fires.
Result<void> Outbox::sum_up(int64_t chat) {
  return database_.transaction([&]() -> Result<void> {
    MPS_TRY(auto rows, rows_.waiting(chat, clock_.now() - kSumAfter));
    std::erase_if(rows, [](const OutboxRow& row) { return row.action != "card" && row.action != "reply"; });
    if (rows.size() <= kSumAbove) return {};
    Card sum;
    sum.chat_id = chat;
    sum.kind = "outage";
    sum.created_at = rows.front().created_at;
    for (const OutboxRow& row : rows) {
      MPS_TRY(const auto card, cards_.find(row.card));
      if (card) sum.created_at = std::min(sum.created_at, card->message_id == 0 ? card->created_at : row.created_at);
    }
    MPS_TRY(sum.id, cards_.add(sum));
    const Timestamp now = clock_.now();
    const std::string reason = fmt::format("summed up in card {}", sum.id);
    for (const OutboxRow& row : rows) {
      MPS_TRY(const auto card, cards_.find(row.card));
      if (card && card->message_id == 0) {
        MPS_TRY(const auto incidents, cards_.incidents_on(card->id));
        for (const int64_t incident : incidents) MPS_TRY_VOID(cards_.put(sum.id, incident));
        MPS_TRY_VOID(cards_.remove(card->id));
      } else if (card) {
        MPS_TRY_VOID(cards_.put(sum.id, row.incident_id));
      }
      MPS_TRY_VOID(rows_.mark_failed(row.id, reason, now));
    }
    MPS_TRY_VOID(rows_.add(OutboxRow{0, chat, 0, "", now, now, 0, "telegram", sum.id, "card"}));
    log::info("{} messages for chat {} that could not be sent in time are summed up in one", rows.size(), chat);
    return {};
  });
}

Result<Outbox::Attempt> Outbox::prepare(const OutboxRow& row) {
  const Timestamp now = clock_.now();
  Attempt attempt;
  attempt.message = OutgoingMessage{row.id, row.chat_id, row.html, std::nullopt};
  std::optional<Card> card;
  if (row.card != 0) {
    MPS_TRY(card, cards_.find(row.card));
    if (!card) return Attempt{};
  }
  if (card && card->message_id != 0 && row.action != "edit") attempt.message->reply_to = card->message_id;
  if (row.action == "reply" && row.html.empty()) {
    MPS_TRY(attempt.message->html, writer_.reminder(*card));
  }
  if (row.action == "list") MPS_TRY_VOID(prepare_list(*card, attempt));
  if (row.action == "report") MPS_TRY_VOID(prepare_report(attempt));
  if (row.action == "card" || row.action == "edit") MPS_TRY_VOID(prepare_card(row, *card, attempt));
  if (attempt.message && !attempt.message->edits)
    attempt.message->thread_id = writer_.looks().of(row.chat_id).thread_id;
  if (!attempt.message || (attempt.message->html.empty() && !attempt.message->document)) return Attempt{};
  const bool tells_when = card && card->kind != "incidents" && row.action == "card";
  if (row.channel == "telegram" && row.action != "edit") {
    const Reader reader = writer_.reader_in(row.chat_id);
    if (!tells_when) attempt.message->html += late_note(row, now, reader);
    attempt.message->html += twice_note(row, reader);
  }
  return attempt;
}

// A report that can't be made (its server was removed) is no reason to hold up what comes behind it.
Result<void> Outbox::prepare_report(Attempt& attempt) const {
  auto written =
      write_report_ ? write_report_(attempt.message->html) : Error{ErrorCode::kInternal, "nobody here writes reports"};
  if (!written) {
    log::warn("a daily report for chat {} is left out: {}", attempt.message->chat_id, written.error().message);
    attempt.message.reset();
    return {};
  }
  attempt.message->html = std::move(written->html);
  attempt.message->document = std::move(written->file);
  return {};
}

Result<void> Outbox::prepare_card(const OutboxRow& row, Card card, Attempt& attempt) {
  const bool is_edit = row.action == "edit";
  OutgoingMessage& message = *attempt.message;
  if (is_edit && card.message_id == 0) {
    attempt.message.reset();  // it never went out, or will with all of this
    return {};
  }
  MPS_TRY(CardContent content, writer_.write(card, is_edit ? card.has_photo : true));
  if (!is_edit || card.has_photo) message.picture = writer_.picture(content, writer_.reader_in(row.chat_id));
  attempt.done.has_photo = is_edit ? card.has_photo : message.picture.has_value();
  if (!is_edit && !message.picture) {
    MPS_TRY(content, writer_.write(card, false));
  }
  attempt.done.shown = content.digest();
  attempt.done.was_cut = !content.whole_list.empty();
  if (content.html.empty() || (is_edit && attempt.done.shown == card.shown)) {
    attempt.message.reset();
    return {};
  }
  const size_t limit = attempt.done.has_photo ? kCaptionUnitsMax : kTextUnitsMax;
  message.html = content.html;
  message.buttons = content.buttons;
  if (is_edit) {
    message.edits = card.message_id;
    message.edits_picture = card.has_photo;
  } else if (visible_units(message.html) + kSuffixMax > limit) {
    message.picture.reset();  // with its notes it would not fit below a picture
    attempt.done.has_photo = false;
  }
  return {};
}

Result<void> Outbox::prepare_list(const Card& card, Attempt& attempt) {
  MPS_TRY(const CardContent content, writer_.write(card, card.has_photo));
  if (content.whole_list.empty()) {
    attempt.message.reset();
    return {};
  }
  attempt.message->html =
      say(writer_.reader_in(card.chat_id).words.whole_list, fmt::arg("count", content.subjects.size()));
  attempt.message->document = OutgoingFile{"incidents.txt", "text/plain", content.whole_list};
  return {};
}

Result<bool> Outbox::deliver_one(const OutboxRow& row, Notifier& notifier) {
  {
    std::unique_lock lock(unnoted_mutex_);
    if (const auto sent = unnoted_.find(row.id); sent != unnoted_.end()) {
      const Done done = sent->second;
      lock.unlock();
      MPS_TRY_VOID(note_delivered(row, done));
      return true;
    }
  }
  // In this order: whatever changes after the mark gets an edit of its own. A disk that is full must not keep a message
  // from going out.
  // The webhook knows a row by its number, and needs no mark.
  if (row.channel == "telegram") {
    if (const auto marked = rows_.mark_trying(row.id, clock_.now()); !marked) log::warn("{}", marked.error().message);
  }
  MPS_TRY(Attempt attempt, prepare(row));
  if (!attempt.message) {
    MPS_TRY_VOID(rows_.mark_delivered(row.id, 0, clock_.now()));
    return true;
  }
  auto outcome = notifier.deliver(*attempt.message);
  if (!outcome && outcome.error().kind == DeliveryFailure::Kind::kRejected && attempt.message->picture) {
    // A picture that is not taken must not keep the words from going out.
    log::warn("message {} goes without its picture: {}", row.id, outcome.error().message);
    attempt.message->picture.reset();
    attempt.done.has_photo = attempt.message->edits_picture;
    outcome = notifier.deliver(*attempt.message);
  }
  if (!outcome) return note_failure(row, outcome.error());
  attempt.done.message_id = outcome->message_id;
  attempt.done.at = clock_.now();
  Counters& count = counters(row.channel);
  {
    const std::lock_guard lock(count.mutex);
    count.trouble.clear();
  }
  MPS_TRY_VOID(note_delivered(row, attempt.done));
  ++count.delivered;
  count.delay_ns_sum +=
      (attempt.done.at - std::max(row.created_at, row.attempts == 0 ? row.not_before : row.created_at)).count();
  return true;
}

Result<void> Outbox::note_delivered(const OutboxRow& row, const Done& done) {
  {
    const std::lock_guard lock(unnoted_mutex_);
    unnoted_[row.id] = done;
  }
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY_VOID(rows_.mark_delivered(row.id, done.message_id, done.at));
    return note_on_card(row, done);
  }));
  const std::lock_guard lock(unnoted_mutex_);
  unnoted_.erase(row.id);
  return {};
}

Result<void> Outbox::note_on_card(const OutboxRow& row, const Done& done) {
  if (row.action != "card" && row.action != "edit") return {};
  MPS_TRY(auto card, cards_.find(row.card));
  if (!card) return {};
  if (row.action == "card") {
    card->message_id = done.message_id;
    card->has_photo = done.has_photo;
  }
  card->shown = done.shown;
  if (done.was_cut && card->listed_at == Timestamp{}) {
    card->listed_at = done.at;
    const Timestamp when = std::max(done.at, card->created_at + kListAfter);
    MPS_TRY_VOID(rows_.add(OutboxRow{0, row.chat_id, 0, "", done.at, when, 0, "telegram", card->id, "list"}));
  }
  return cards_.update(*card);
}

Result<bool> Outbox::note_failure(const OutboxRow& row, const DeliveryFailure& failure) {
  using Kind = DeliveryFailure::Kind;
  const Timestamp now = clock_.now();
  Counters& count = counters(row.channel);
  ++count.attempts_failed;
  {
    const std::lock_guard lock(count.mutex);
    count.trouble = failure.kind == Kind::kMessageGone ? "" : failure.message;
  }
  if (failure.kind == Kind::kChatMoved) {
    MPS_TRY_VOID(move_chat(row.chat_id, failure.moved_to));
    MPS_TRY_VOID(rows_.postpone(row.id, now));
    return false;
  }
  if (failure.kind == Kind::kRetry) {
    if (row.attempts == 0) log::warn("message {} is not delivered yet, trying again: {}", row.id, failure.message);
    MPS_TRY_VOID(rows_.postpone(row.id, now + backoff(row.attempts, failure.retry_after)));
    return false;
  }
  MPS_TRY_VOID(rows_.mark_failed(row.id, failure.message, now));
  if (failure.kind == Kind::kMessageGone) {
    log::info("message of card {} is gone from chat {}: {}", row.card, row.chat_id, failure.message);
    return true;
  }
  log::error("message {} can't be delivered to {}: {}", row.id,
             row.channel == "webhook" ? "the webhook" : fmt::format("chat {}", row.chat_id), failure.message);
  ++count.failed;
  if (failure.kind == Kind::kChatGone) {
    MPS_TRY(const size_t given_up, rows_.give_up(row.chat_id, failure.message, now));
    count.failed += given_up;
    tell_that_chat_is_gone(row.chat_id, failure.message);
  }
  return true;
}

// Whoever still listens hears of it: silence would look as if all were well.
void Outbox::tell_that_chat_is_gone(int64_t chat, const std::string& why) {
  people_.mark_gone(chat);
  for (const int64_t other : people_.alert_chats()) {
    const std::string html =
        say(writer_.reader_in(other).words.chat_gone, fmt::arg("chat", chat), fmt::arg("why", escape_html(why)));
    if (const auto told = add(other, html); !told) log::error("{}", told.error().message);
  }
}

size_t Outbox::undelivered() {
  const auto count = rows_.count_undelivered();
  return count ? *count : 0;
}

void Outbox::note_waiting(const std::string& channel) {
  const auto waiting = rows_.count_waiting(channel);
  const auto chats = people_.chats();
  Counters& count = counters(channel);
  const std::lock_guard lock(count.mutex);
  if (waiting) {
    count.waiting = waiting->rows;
    count.oldest = waiting->oldest;
  }
  count.chats_gone = static_cast<size_t>(
      std::count_if(chats.begin(), chats.end(), [](const catalog::Chat& chat) { return chat.gone; }));
}

DeliveryStats Outbox::stats(const std::string& channel) {
  note_waiting(channel);
  return known_stats(channel);
}

DeliveryStats Outbox::known_stats(const std::string& channel) {
  DeliveryStats stats;
  const Timestamp now = clock_.now();
  Counters& count = counters(channel);
  stats.delivered = count.delivered;
  stats.failed = count.failed;
  stats.attempts_failed = count.attempts_failed;
  stats.delay_seconds_sum = static_cast<double>(count.delay_ns_sum.load()) * 1e-9;
  const std::lock_guard lock(count.mutex);
  stats.waiting = count.waiting;
  stats.chats_gone = count.chats_gone;
  if (count.oldest) stats.oldest_waits = std::max(Duration::zero(), now - *count.oldest);
  stats.trouble = count.trouble;
  return stats;
}

}  // namespace mps::service
