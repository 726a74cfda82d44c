#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/database.h"

namespace mps::catalog {

// One living message in one chat: about one incident, or a list of those that began together.
struct Card {
  int64_t id = 0;
  int64_t chat_id = 0;
  std::string kind = "incidents";  // "incidents"; "digest" of quiet hours; "outage": what could not be sent in time
  Timestamp created_at;
  int64_t message_id = 0;  // as the receiver calls it; 0 until it is sent
  bool has_photo = false;
  std::string shown = {};  // a digest of what stands there now
  Timestamp replied_at = {};
  Timestamp listed_at = {};  // the file with the whole list was ordered then
};

// What was held back from a chat, and why.
struct HeldBack {
  int64_t chat_id = 0;
  int64_t incident = 0;
  std::string reason;  // "silence", "quiet"
  Timestamp at;
};

class Cards {
 public:
  explicit Cards(Database& database) : database_(database) {}
  Result<int64_t> add(const Card& card);
  Result<std::optional<Card>> find(int64_t id);
  Result<void> update(const Card& card);  // all but id, chat and kind
  Result<void> remove(int64_t id);        // with its list
  // The messages of that chat's cards can't be reached any more.
  Result<void> lose_messages(int64_t chat_id);
  // The newest card of that kind in a chat.
  Result<std::optional<Card>> newest(int64_t chat_id, const std::string& kind);
  Result<std::vector<Card>> cards_of(int64_t incident);
  Result<void> put(int64_t card, int64_t incident);         // again does no harm
  Result<std::vector<int64_t>> incidents_on(int64_t card);  // in order
  Result<size_t> count_incidents(int64_t card);
  Result<void> forget_before(Timestamp before);  // those that hold no incident any more

  Result<void> hold_back(const HeldBack& held);
  Result<std::vector<HeldBack>> held_back();
  Result<void> release(int64_t chat_id, int64_t incident);

 private:
  Database& database_;
};

}  // namespace mps::catalog
