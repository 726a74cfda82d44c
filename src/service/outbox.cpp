#include "service/outbox.h"

#include <algorithm>

#include "base/log.h"

namespace mps::service {
namespace {

constexpr Duration kBackoffMax = std::chrono::minutes(5);

// 1 s, 2 s, 4 s ... 5 min, and never before the receiver wants it.
Duration backoff(int64_t attempts, Duration retry_after) {
  const Duration doubled = std::chrono::seconds(1) * (int64_t{1} << std::min<int64_t>(attempts, 9));
  return std::max(std::min(doubled, kBackoffMax), retry_after);
}

}  // namespace

Result<void> Outbox::add(int64_t chat_id, const std::string& html) {
  const Timestamp now = clock_.now();
  MPS_TRY_VOID(rows_.add({0, chat_id, 0, html, now, now, 0}));
  return {};
}

Result<size_t> Outbox::deliver(Notifier& notifier) {
  size_t delivered = 0;
  for (;;) {
    MPS_TRY(const auto due, rows_.due(clock_.now()));
    size_t delivered_now = 0;
    for (const catalog::OutboxRow& row : due) {
      MPS_TRY(const bool done, deliver_one(row, notifier));
      delivered_now += done ? 1 : 0;
    }
    delivered += delivered_now;
    if (delivered_now == 0) return delivered;  // nothing waits but what failed just now
  }
}

Result<void> Outbox::note_delivered(int64_t row, int64_t message, Timestamp at) {
  unnoted_[row] = {message, at};
  MPS_TRY_VOID(rows_.mark_delivered(row, message, at));
  unnoted_.erase(row);
  ++delivered_;
  return {};
}

Result<bool> Outbox::deliver_one(const catalog::OutboxRow& row, Notifier& notifier) {
  if (const auto sent = unnoted_.find(row.id); sent != unnoted_.end()) {
    MPS_TRY_VOID(note_delivered(row.id, sent->second.message_id, sent->second.at));
    return true;
  }
  OutgoingMessage message{row.id, row.chat_id, row.html, std::nullopt};
  if (row.incident_id != 0) {
    MPS_TRY(message.reply_to, rows_.first_message(row.incident_id, row.chat_id));
  }
  const auto outcome = notifier.deliver(message);
  const Timestamp now = clock_.now();
  if (outcome) {
    MPS_TRY_VOID(note_delivered(row.id, outcome->message_id, now));
    return true;
  }
  const DeliveryFailure failure = outcome.error();
  if (failure.kind == DeliveryFailure::Kind::kRetry) {
    if (row.attempts == 0) log::warn("message {} is not delivered yet, trying again: {}", row.id, failure.message);
    MPS_TRY_VOID(rows_.postpone(row.id, now + backoff(row.attempts, failure.retry_after)));
    return false;
  }
  log::error("message {} can't be delivered to chat {}: {}", row.id, row.chat_id, failure.message);
  MPS_TRY_VOID(rows_.mark_failed(row.id, failure.message, now));
  ++failed_;
  if (failure.kind == DeliveryFailure::Kind::kChatGone) people_.mark_gone(row.chat_id);
  return false;
}

size_t Outbox::undelivered() {
  const auto count = rows_.count_undelivered();
  return count ? *count : 0;
}

}  // namespace mps::service
