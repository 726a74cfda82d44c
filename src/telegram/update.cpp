#include "telegram/update.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "telegram/json.h"

namespace mps::telegram {
namespace {

using boost::json::object;

Sender parse_sender(const object* from) {
  if (from == nullptr) return {};
  return {UserId(integer_at(*from, "id").value_or(0)), text_at(*from, "username"), text_at(*from, "first_name"),
          text_at(*from, "language_code")};
}

ChatId parse_chat(const object& message) {
  const auto* chat = object_at(message, "chat");
  return ChatId(chat == nullptr ? 0 : integer_at(*chat, "id").value_or(0));
}

bool is_private_chat(const object& message) {
  const auto* chat = object_at(message, "chat");
  return chat == nullptr || text_at(*chat, "type") == "private";
}

UpdateContent parse_message(const object& message) {
  const ChatId chat = parse_chat(message);
  if (const auto to = integer_at(message, "migrate_to_chat_id")) return ChatMigrated{chat, ChatId(*to)};
  IncomingMessage parsed;
  parsed.id = MessageId(integer_at(message, "message_id").value_or(0));
  parsed.chat = chat;
  parsed.thread_id = integer_at(message, "message_thread_id").value_or(0);
  parsed.is_private = is_private_chat(message);
  parsed.from = parse_sender(object_at(message, "from"));
  if (const auto* group = object_at(message, "chat")) parsed.chat_title = valid_utf8(text_at(*group, "title"));
  parsed.text = valid_utf8(text_at(message, "text"));
  if (chat == ChatId(0)) return std::monostate{};
  return parsed;
}

UpdateContent parse_callback(const object& query) {
  CallbackQuery parsed;
  parsed.id = text_at(query, "id");
  if (parsed.id.empty()) parsed.id = std::to_string(integer_at(query, "id").value_or(0));
  parsed.from = parse_sender(object_at(query, "from"));
  parsed.data = valid_utf8(text_at(query, "data"));
  if (const auto* message = object_at(query, "message")) {
    parsed.chat = parse_chat(*message);
    parsed.message = MessageId(integer_at(*message, "message_id").value_or(0));
    parsed.thread_id = integer_at(*message, "message_thread_id").value_or(0);
    parsed.message_has_text = message->contains("text");
    parsed.is_private = is_private_chat(*message);
  }
  return parsed;
}

UpdateContent parse_membership(const object& change) {
  const auto* member = object_at(change, "new_chat_member");
  if (member == nullptr) return std::monostate{};
  const std::string status = text_at(*member, "status");
  if (status != "kicked" && status != "left") return std::monostate{};
  return BotBlocked{parse_chat(change)};
}

UpdateContent parse_content(const object& update) {
  if (const auto* message = object_at(update, "message")) return parse_message(*message);
  if (const auto* query = object_at(update, "callback_query")) return parse_callback(*query);
  if (const auto* change = object_at(update, "my_chat_member")) return parse_membership(*change);
  return std::monostate{};
}

}  // namespace

std::vector<Update> parse_updates(const boost::json::value& result) {
  std::vector<Update> updates;
  const auto* list = result.if_array();
  if (list == nullptr) return updates;
  for (const auto& element : *list) {
    const auto* fields = element.if_object();
    const auto id = fields == nullptr ? std::nullopt : integer_at(*fields, "update_id");
    if (id) updates.push_back({*id, parse_content(*fields)});
  }
  std::stable_sort(updates.begin(), updates.end(), [](const Update& a, const Update& b) { return a.id < b.id; });
  return updates;
}

}  // namespace mps::telegram
