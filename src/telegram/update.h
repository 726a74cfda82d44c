#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <variant>
#include <vector>

#include "telegram/types.h"

namespace mps::telegram {

struct Sender {
  UserId id{};
  std::string user_name;   // without the @; may be empty
  std::string first_name;  // what to call them
  std::string language;    // IETF tag of their app, such as "ru"; may be empty
};

struct IncomingMessage {
  MessageId id{};
  ChatId chat{};
  int64_t thread_id = 0;   // the topic in a forum group, 0 elsewhere
  bool is_private = true;  // a chat with one person
  Sender from;             // id 0 in channels
  std::string text;        // "" for stickers, pictures, ...
  std::string chat_title;  // of a group
};

struct CallbackQuery {  // somebody pressed an inline button
  std::string id;
  Sender from;
  std::string data;
  int64_t thread_id = 0;          // the topic in a forum group, 0 elsewhere
  ChatId chat{};                  // 0 where the message is out of Telegram's reach
  MessageId message{};            // 0 likewise
  bool message_has_text = false;  // else it is a picture or a document
  bool is_private = true;
};

struct ChatMigrated {  // a group became a supergroup: same people, new id
  ChatId from{};
  ChatId to{};
};

struct BotBlocked {  // the person blocked the bot, or the group removed it
  ChatId chat{};
};

// `std::monostate`: a kind that we do not know. It still has an id, which must be confirmed.
using UpdateContent = std::variant<std::monostate, IncomingMessage, CallbackQuery, ChatMigrated, BotBlocked>;

struct Update {
  int64_t id = 0;
  UpdateContent content;
};

// The updates of a getUpdates result, sorted by id. Unknown fields and kinds do no harm; an element without an id is
// left out.
std::vector<Update> parse_updates(const boost::json::value& result);

}  // namespace mps::telegram
