#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"

namespace mps::catalog {

// A message that is to be delivered: written in the transaction of what caused it, marked delivered after the receiver
// said so.
struct OutboxRow {
  int64_t id = 0;
  int64_t chat_id = 0;
  int64_t incident_id = 0;  // 0: of none
  std::string html;         // of "send" and "reply"; JSON for the webhook. A card is written when it leaves
  Timestamp created_at;
  Timestamp not_before;
  int64_t attempts = 0;
  std::string channel = "telegram";  // "telegram", "webhook"
  int64_t card = 0;                  // 0: of none
  std::string action =
      "send";  // "send"; "report" (html is the order); of a card: "card" (its message), "edit", "reply", "list"
  Timestamp trying_since = {};  // an attempt began then, and nobody knows how it ended; the epoch: none did
};

// How many wait in a channel, and since when.
struct OutboxWaiting {
  size_t rows = 0;
  std::optional<Timestamp> oldest;
};

class Outbox {
 public:
  explicit Outbox(Database& database) : database_(database) {}
  Result<int64_t> add(const OutboxRow& row);
  // The oldest undelivered row of each chat, where its not_before has come: messages of a chat keep their order. Rows
  // that wait for their own time, not for another attempt, let those of other cards pass.
  Result<std::vector<OutboxRow>> due(Timestamp now, const std::string& channel = "telegram");
  // Undelivered rows of a chat that were written before `before`, in order.
  Result<std::vector<OutboxRow>> waiting(int64_t chat_id, Timestamp before);
  Result<std::vector<int64_t>> chats_waiting(Timestamp before);
  // Is there an undelivered row of that action for the card, which nobody is sending at this moment?
  Result<bool> is_waiting(int64_t card, const std::string& action);

  Result<void> mark_trying(int64_t id, Timestamp now);
  Result<void> mark_delivered(int64_t id, int64_t message_id, Timestamp now);
  Result<void> mark_failed(int64_t id, const std::string& reason, Timestamp now);  // for good
  Result<void> postpone(int64_t id, Timestamp not_before);
  // Nothing more goes to this chat: what waits for it is given up.
  Result<size_t> give_up(int64_t chat_id, const std::string& reason, Timestamp now);
  Result<OutboxWaiting> count_waiting(const std::string& channel);
  Result<size_t> count_undelivered();
  Result<void> forget_before(Timestamp before);

 private:
  Database& database_;
};

}  // namespace mps::catalog
