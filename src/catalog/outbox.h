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
  std::string html;
  Timestamp created_at;
  Timestamp not_before;
  int64_t attempts = 0;
};

class Outbox {
 public:
  explicit Outbox(Database& database) : database_(database) {}
  Result<int64_t> add(const OutboxRow& row);
  // The oldest undelivered row of each chat, where its not_before has come: messages of a chat keep their order.
  Result<std::vector<OutboxRow>> due(Timestamp now);
  Result<void> mark_delivered(int64_t id, int64_t message_id, Timestamp now);
  Result<void> mark_failed(int64_t id, const std::string& reason, Timestamp now);  // for good
  Result<void> postpone(int64_t id, Timestamp not_before);
  // The first delivered message of an incident in a chat, to reply to.
  Result<std::optional<int64_t>> first_message(int64_t incident_id, int64_t chat_id);
  Result<size_t> count_undelivered();

 private:
  Database& database_;
};

}  // namespace mps::catalog
