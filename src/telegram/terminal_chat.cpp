#include "telegram/terminal_chat.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/log.h"
#include "telegram/html.h"

namespace mps::telegram {
namespace {

constexpr ChatId kTerminalChat{0};
constexpr size_t kFileNameMax = 80;

Sender typing(const TerminalOptions& options) {
  return {UserId(-options.session), "", options.name, ""};
}

// A name that may stand in any folder: no paths, nothing hidden, nothing that a shell would take for more than a name.
std::string safe_name(std::string_view name, int64_t number) {
  std::string safe = fmt::format("{:03}-", number);
  for (const char c : name.substr(0, kFileNameMax)) {
    const bool belongs = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    safe += belongs ? c : '_';
  }
  return safe;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {  // U+0080 to U+009F
      ++i;
    } else if (text[i] == '\n' || (byte >= 0x20 && byte != 0x7F)) {
      out += text[i];
    }
  }
  return out;
}

TerminalChat::TerminalChat(service::Hub& hub, TerminalOptions options)
    : hub_(hub),
      options_(std::move(options)),
      questions_(hub),
      renewals_(hub, Renewals::Kept::kInMemory),
      dialogue_(Services{hub, questions_, renewals_, options_.hub_url, options_.version, hub.opened_at()},
                CallbackSigner(random_token(16)), options_.role) {
  static_cast<void>(questions_.take(kTerminalChat, typing(options_).id));  // of an earlier session of this number
}

const Texts& TerminalChat::texts() const {
  return texts_in(hub_.chat_settings().of(static_cast<int64_t>(kTerminalChat)).language);
}

std::string TerminalChat::greeting() const {
  return std::string(texts().terminal.hint);
}

std::vector<TerminalChat::Button> TerminalChat::buttons() const {
  std::vector<Button> all;
  for (const Shown& message : shown_) {
    for (const InlineButton& button : message.buttons) all.push_back({&message, &button});
  }
  return all;
}

// What is no number, or is an answer to a question, is no button.
std::optional<size_t> TerminalChat::button_number(std::string_view line) const {
  const bool asks = std::ranges::any_of(shown_, [](const Shown& message) { return message.asks; });
  const bool is_explicit = line.starts_with('#');
  if (is_explicit) line.remove_prefix(1);
  if (asks && !is_explicit) return std::nullopt;
  size_t number = 0;
  const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (line.empty() || failure != std::errc() || end != line.data() + line.size()) return std::nullopt;
  return number;
}

TerminalMessages TerminalChat::say(std::string_view line) {
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) line.remove_suffix(1);
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.front())) != 0) line.remove_prefix(1);
  if (line.empty()) return {};
  if (const auto number = button_number(line)) return press(*number);
  IncomingMessage message;
  message.id = MessageId(++messages_);
  message.chat = kTerminalChat;
  message.from = typing(options_);
  message.text = std::string(line);
  const Replies replies = dialogue_.on_message(message);
  shown_.clear();
  return show(replies, nullptr);
}

TerminalMessages TerminalChat::press(size_t number) {
  const auto all = buttons();
  if (number == 0 || number > all.size())
    return {{fill(texts().terminal.no_button, {{"number", std::to_string(number)}}), {}}};
  const Button& chosen = all[number - 1];
  CallbackQuery query;
  query.from = typing(options_);
  query.data = chosen.button->callback_data;
  query.chat = kTerminalChat;
  query.message = chosen.message->id;
  query.message_has_text = chosen.message->has_text;
  const auto press = dialogue_.on_press(query);
  if (press.screen == nullptr) return {{printable(press.toast), {}}};
  if (press.screen->act != nullptr) return {{printable(dialogue_.act(press)), {}}};
  const Replies replies = dialogue_.show(press);
  shown_.clear();
  return show(replies, &query);
}

TerminalMessages TerminalChat::show(const Replies& replies, const CallbackQuery* pressed) {
  TerminalMessages messages;
  for (const Reply& reply : replies) {
    const bool in_place = pressed != nullptr && fits_in_place(reply, *pressed);
    const MessageId id = in_place ? pressed->message : MessageId(++messages_);
    shown_.push_back({id});
    MessageContent content = reply.content;
    content.markup = dialogue_.sign(kTerminalChat, std::move(content.markup));
    messages.push_back(put(id, content));
    if (!reply.living) continue;
    const auto& living = *reply.living;
    const auto begun = renewals_.begin(
        {{kTerminalChat}, id, living.command, living.arguments, living.user, hub_.clock().now()}, living.first);
    if (!begun) log::warn("{}", begun.error().message);
  }
  return messages;
}

// A message as it reads now, its buttons signed. Those of one that is not of the last answer are left out: their
// numbers are taken.
TerminalMessage TerminalChat::put(MessageId id, const MessageContent& content) {
  TerminalMessage message{printable(plain_text(content.html)), content.photo ? content.photo : content.document};
  if (message.file) message.file->name = safe_name(message.file->name, ++files_);
  const auto shown = std::ranges::find(shown_, id, &Shown::id);
  if (shown == shown_.end()) return message;
  shown->has_text = !content.photo && !content.document && !content.keeps_picture;
  shown->asks = std::holds_alternative<ForceReply>(content.markup);
  shown->buttons.clear();
  if (const auto* keyboard = std::get_if<InlineKeyboard>(&content.markup)) {
    for (const auto& row : *keyboard) shown->buttons.insert(shown->buttons.end(), row.begin(), row.end());
  }
  message.text += keyboard_text(id, content);
  return message;
}

// "[1] CPU  [2] RAM", a line a row.
std::string TerminalChat::keyboard_text(MessageId id, const MessageContent& content) const {
  if (const auto* question = std::get_if<ForceReply>(&content.markup)) {
    return question->placeholder.empty()
               ? ""
               : "\n" + fill(texts().terminal.answer, {{"example", printable(question->placeholder)}});
  }
  const auto* keyboard = std::get_if<InlineKeyboard>(&content.markup);
  if (keyboard == nullptr) return "";
  size_t number = 0;
  for (const Shown& before : shown_) {
    if (before.id == id) break;
    number += before.buttons.size();
  }
  std::string text;
  for (const auto& row : *keyboard) {
    std::string line;
    for (const InlineButton& button : row)
      line += fmt::format("{}[{}] {}", line.empty() ? "" : "  ", ++number, printable(button.text));
    text += "\n" + line;
  }
  return text;
}

TerminalMessages TerminalChat::renew() {
  TerminalMessages messages;
  const auto edit = [&](ChatId, MessageId id, const MessageContent& content) -> ApiResult<> {
    messages.push_back(put(id, content));
    return {};
  };
  const auto write = [this](const Renewal& renewal) { return dialogue_.renew(renewal); };
  const auto post = [](ChatId, const std::function<void()>& task) {
    task();
    return true;
  };
  renewals_.tick(write, edit, post);
  return messages;
}

}  // namespace mps::telegram
