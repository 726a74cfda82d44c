#pragma once

#include <atomic>
#include <map>

#include "catalog/outbox.h"
#include "service/notifier.h"
#include "service/people.h"

namespace mps::service {

// Delivery of the outbox: at least once, in order within a chat. A message may come twice only when the process ends
// between the receiver's OK and our note of it. While the note can't be written (the disk is full), it is kept in
// memory, and the messages behind it wait.
class Outbox {
 public:
  Outbox(catalog::Database& database, People& people, const Clock& clock)
      : rows_(database), people_(people), clock_(clock) {}

  // A message to one chat, such as an answer that must not get lost.
  Result<void> add(int64_t chat_id, const std::string& html);

  // Sends what is due. Returns how many were delivered.
  Result<size_t> deliver(Notifier& notifier);

  size_t undelivered();
  uint64_t delivered_total() const { return delivered_; }
  uint64_t failed_total() const { return failed_; }

 private:
  Result<bool> deliver_one(const catalog::OutboxRow& row, Notifier& notifier);
  Result<void> note_delivered(int64_t row, int64_t message, Timestamp at);

  catalog::Outbox rows_;
  People& people_;
  const Clock& clock_;
  std::atomic<uint64_t> delivered_{0}, failed_{0};
  struct Unnoted {
    int64_t message_id = 0;
    Timestamp at{};
  };
  std::map<int64_t, Unnoted> unnoted_;  // by row; of the thread that delivers
};

}  // namespace mps::service
