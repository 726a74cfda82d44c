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
#include "service/role.h"

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

  bool is_paired(int64_t chat_id, int64_t user_id) const { return role_of(chat_id, user_id).has_value(); }
  // What somebody may do in a chat; nothing where we do not know them there.
  std::optional<Role> role_of(int64_t chat_id, int64_t user_id) const;
  // The chats that get notifications at once: those of level 0.
  std::vector<int64_t> alert_chats() const;
  std::vector<catalog::Chat> chats() const;
  // A chat that gets notifications, such as a group, or somebody to escalate to; `user_id` may speak there too, 0 for
  // nobody. kAlreadyExists.
  Result<void> add_chat(int64_t chat_id, int64_t user_id, const std::string& name, int64_t level);
  Result<void> set_level(int64_t chat_id, int64_t level);  // kNotFound
  Result<void> remove_chat(int64_t chat_id);               // kNotFound; kInvalidArgument for the owner's
  // The bot was blocked or removed there: no more notifications until the chat speaks again.
  void mark_gone(int64_t chat_id);
  void mark_alive(int64_t chat_id);

 private:
  bool too_many_guesses(int64_t chat_id);
  Result<catalog::Chat> find_locked(int64_t chat_id) const;

  mutable catalog::Chats chats_;
  catalog::Settings settings_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<std::pair<Timestamp, int64_t>> wrong_codes_;
};

}  // namespace mps::service
