#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "catalog/chats.h"
#include "catalog/persons.h"
#include "catalog/settings.h"
#include "service/role.h"

namespace mps::service {

enum class PairOutcome { kBecameOwner, kJoined, kAlreadyPaired, kWrongCode, kSlowDown };

struct Person {
  int64_t user_id = 0;
  std::string name;
  Role role = Role::kViewer;
  Timestamp joined_at;
  std::string invited_by;
};

struct Handover {
  Person owner;   // as they are now
  Person former;  // who was it before, an admin now
};

// An invitation as it is handed over: its code is kept nowhere.
struct NewInvite {
  std::string code;
  Timestamp expires_at;
};

// Who may see and do what, and which chats hear of alerts. Somebody whom we know may speak in their own chat with the
// bot, and in the groups that an admin added. Asks the catalog alone: may be called within a transaction, but for
// pair(). Thread-safe.
class People {
 public:
  static constexpr Duration kInviteLasts = std::chrono::hours(24);
  static constexpr size_t kInvitesMax = 50;  // that still let somebody in

  People(catalog::Database& database, const Clock& clock);

  // The code whose first sender becomes the owner; nothing once there is one. The same until it is used.
  std::optional<std::string> pairing_code();

  // A link's code for one person, once. Only its hash is kept. kInvalidArgument: there is one owner alone;
  // kLimitExceeded.
  Result<NewInvite> invite(Role role, const std::string& invited_by);
  Result<std::vector<catalog::Invite>> open_invites() { return invites_.list(clock_.now()); }
  Result<void> withdraw_invites();  // none of them lets anybody in any more

  // "https://t.me/BOT?start=CODE"; "/start CODE" while Telegram has not told the bot's name.
  std::string link_of(std::string_view code);
  static constexpr const char* kBotName = "telegram.bot_name";  // the setting

  // With the pairing code, or one of an invitation; `name` is what to call them. At most 5 wrong codes per chat and 20
  // over all in 10 minutes; then kSlowDown, whatever the code.
  Result<PairOutcome> pair(int64_t chat_id, int64_t user_id, const std::string& name, std::string_view code);

  // What somebody may do in a chat; nothing where we do not know them, or the chat.
  std::optional<Role> role_of(int64_t chat_id, int64_t user_id) const;
  bool is_paired(int64_t chat_id, int64_t user_id) const { return role_of(chat_id, user_id).has_value(); }
  // Wherever they are.
  std::optional<Person> find(int64_t user_id) const;
  std::vector<Person> persons() const;                  // who joined first comes first
  Result<Person> set_role(int64_t user_id, Role role);  // kNotFound; kInvalidArgument of the owner, or to owner
  Result<Person> remove(int64_t user_id);               // with their chat; kNotFound, kInvalidArgument of the owner

  // An admin becomes the owner, who becomes an admin. kNotFound; kInvalidArgument where they are no admin.
  Result<Handover> hand_over(int64_t user_id);

  // The chats that get notifications at once: those of level 0.
  std::vector<int64_t> alert_chats() const;
  std::vector<catalog::Chat> chats() const;
  bool knows_chat(int64_t chat_id) const;
  // A chat that gets notifications, such as a group, or somebody to escalate to; `user_id` may speak there too, as an
  // admin where we did not know them, 0 for nobody. kAlreadyExists.
  Result<void> add_chat(int64_t chat_id, int64_t user_id, const std::string& name, int64_t level);
  Result<void> set_level(int64_t chat_id, int64_t level);  // kNotFound
  // Of somebody's own chat: they are removed too. kNotFound; kInvalidArgument for the owner's.
  Result<void> remove_chat(int64_t chat_id);
  // A group became a supergroup: all that is kept of it goes with it.
  Result<void> move_chat(int64_t from, int64_t to);
  // The bot was blocked or removed there: no more notifications until the chat speaks again.
  void mark_gone(int64_t chat_id);
  void mark_alive(int64_t chat_id);

  // Grows with every change of persons and chats.
  uint64_t version() const { return version_; }

 private:
  bool too_many_guesses(int64_t chat_id);
  Result<std::optional<PairOutcome>> let_in(int64_t chat_id, int64_t user_id, const std::string& name,
                                            std::string_view code);
  Result<void> add_person(int64_t chat_id, const catalog::Person& person);
  Result<catalog::Chat> find_chat(int64_t chat_id) const;
  Result<Person> find_subordinate(int64_t user_id) const;
  void mark(int64_t chat_id, bool gone);

  catalog::Database& database_;
  mutable catalog::Chats chats_;
  mutable catalog::Persons persons_;
  catalog::Invites invites_;
  catalog::Settings settings_;
  const Clock& clock_;
  std::atomic<uint64_t> version_{0};
  std::mutex guesses_mutex_;  // before the catalog's
  std::deque<std::pair<Timestamp, int64_t>> wrong_codes_;
};

}  // namespace mps::service
