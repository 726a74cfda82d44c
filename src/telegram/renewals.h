#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "service/hub.h"
#include "telegram/api_error.h"
#include "telegram/types.h"

namespace mps::telegram {

// A message that goes on changing by itself, such as a live graph: the screen of `command` writes it anew.
struct Renewal {
  Destination to;
  MessageId message{};
  std::string command;
  std::string arguments;  // ours: ids in place of names
  UserId user{};          // who asked for it
  Timestamp begun_at;
  bool ended = false;  // somebody ended it meanwhile: this is its last word
};

// What such a message says now.
struct Renewed {
  std::optional<MessageContent> content;  // nothing: it stays as it is
  Duration next = std::chrono::seconds(10);
  bool last = false;           // afterwards it stays as it is for good
  std::string arguments = {};  // once this is said: instead of those that it has; "" to keep them
};

// Keeps such messages, at most kPerChatMax of one command in a chat and kMax in all. Those of Telegram are in the
// catalog too, so that after a restart they go on, or end. Time comes from the hub's clock. Thread-safe.
class Renewals {
 public:
  static constexpr size_t kPerChatMax = 3, kMax = 100;
  // What can't be said for this long after it began is given up.
  static constexpr Duration kGivenUpAfter = std::chrono::minutes(30);

  using Write = std::function<Renewed(const Renewal&)>;
  using Edit = std::function<ApiResult<>(ChatId, MessageId, const MessageContent&)>;
  // Does the task soon, perhaps on another thread; false: it will not.
  using Post = std::function<bool(ChatId, std::function<void()>)>;

  enum class Kept { kInCatalog, kInMemory };  // in memory: they end with this

  // Reads what the catalog holds.
  explicit Renewals(service::Hub& hub, Kept kept = Kept::kInCatalog);

  // Whether another one of this command may begin in this chat.
  bool has_room(ChatId chat, std::string_view command) const;
  // Renewed for the first time after `first`. One of the same message is replaced.
  Result<void> begin(const Renewal& renewal, Duration first);
  // False where there is none (any more). Should it be under way just now, it gets its last word after that.
  bool end(ChatId chat, MessageId message);
  size_t running() const;

  // Has everything that is due written and edited. A chat that is held back (429) waits for as long as Telegram said; a
  // message that is gone is forgotten; what could not be sent is written anew next time. Called by one thread.
  void tick(const Write& write, const Edit& edit, const Post& post);
  // When the next one is due, a second from now at the latest.
  Timestamp next_due() const;

 private:
  struct Entry {
    Renewal renewal;
    Timestamp next;
    bool under_way = false;
    uint64_t generation = 0;
  };
  using Key = std::pair<int64_t, int64_t>;  // chat, message
  static Key key_of(const Renewal& renewal);
  void load();
  Result<void> save_locked();
  std::vector<Entry> take_due();
  void renew(const Entry& entry, const Write& write, const Edit& edit);
  // False where it was ended meanwhile.
  bool settle(const Entry& entry, const Renewed& renewed, const ApiResult<>& edited);

  service::Hub& hub_;
  Kept kept_;
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
  uint64_t generation_ = 0;
};

}  // namespace mps::telegram
