#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "catalog/chats.h"
#include "catalog/settings.h"

namespace mps::service {

enum class PairOutcome { kBecameOwner, kAlreadyPaired, kWrongCode, kSlowDown };

// Who may see and do what. Thread-safe.
class People {
 public:
  People(catalog::Database& database, const Clock& clock);

  // The code whose first sender becomes the owner; nothing once there is one. The same until it is used.
  std::optional<std::string> pairing_code();

  // At most 5 wrong codes per chat and 20 over all in 10 minutes; then kSlowDown, whatever the code.
  Result<PairOutcome> pair(int64_t chat_id, int64_t user_id, const std::string& user_name, std::string_view code);

  bool is_paired(int64_t chat_id, int64_t user_id) const;
  // The chats that get notifications.
  std::vector<int64_t> alert_chats() const;
  // The bot was blocked or removed there: no more notifications until the chat speaks again.
  void mark_gone(int64_t chat_id);
  void mark_alive(int64_t chat_id);

 private:
  bool too_many_guesses(int64_t chat_id);

  mutable catalog::Chats chats_;
  catalog::Settings settings_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<std::pair<Timestamp, int64_t>> wrong_codes_;
};

}  // namespace mps::service
