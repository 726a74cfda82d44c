#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// The values that travel between us and the Bot API (https://core.telegram.org/bots/api), as far as we use them.
// Identifiers take up to 52 bits today and are documented to need 64.
namespace mps::telegram {

enum class ChatId : int64_t {};  // negative for groups and channels
enum class UserId : int64_t {};
enum class MessageId : int64_t {};

inline bool is_group(ChatId chat) {
  return static_cast<int64_t>(chat) < 0;
}

struct InlineButton {
  std::string text;
  std::string callback_data;  // 1-64 bytes
  friend bool operator==(const InlineButton&, const InlineButton&) = default;
};

using InlineKeyboard = std::vector<std::vector<InlineButton>>;  // rows of buttons under a message

struct ForceReply {  // the app opens a reply to this message, so that the next text is its answer
  std::string placeholder;
  friend bool operator==(const ForceReply&, const ForceReply&) = default;
};

using Markup = std::variant<std::monostate, InlineKeyboard, ForceReply>;

struct UploadFile {
  std::string name;
  std::string content_type;
  std::string content;
  friend bool operator==(const UploadFile&, const UploadFile&) = default;
};

// Where a message goes.
struct Destination {
  ChatId chat{};
  int64_t thread_id = 0;  // the topic of a forum group, 0 for none
  MessageId reply_to{};   // the message that it answers, 0 for none; one that is gone does no harm
};

// One message, before anybody knows to whom: at most one of photo and document.
struct MessageContent {
  std::string html;  // the text, or the caption of a file; cut to Telegram's limits when it is sent
  Markup markup;
  std::optional<UploadFile> photo;
  std::optional<UploadFile> document;
  bool keeps_picture = false;  // of an edit: the message is a picture, which stays; html is its new caption
  friend bool operator==(const MessageContent&, const MessageContent&) = default;
};

struct BotCommand {
  std::string command;      // without the slash
  std::string description;  // 1-256 characters
};

// Where Telegram delivers updates to, and how that goes.
struct WebhookInfo {
  std::string url;         // "": nowhere, it is asked for them
  int64_t waiting = 0;     // updates that it has not delivered yet
  std::string last_error;  // "" for none
};

struct BotUser {
  UserId id{};
  std::string user_name;  // without the @
};

}  // namespace mps::telegram
