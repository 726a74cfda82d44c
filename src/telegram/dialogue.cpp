#include "telegram/dialogue.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/nearest.h"

namespace mps::telegram {
namespace {

constexpr auto kRefusalEvery = std::chrono::minutes(1);
constexpr size_t kRefusedMax = 10'000;
constexpr size_t kCodeMin = 8, kCodeMax = 64;

std::string trimmed(std::string_view text) {
  const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// A stranger's text that may be the pairing code alone, without /start before it.
bool looks_like_code(const std::string& text) {
  const auto belongs = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  return text.size() >= kCodeMin && text.size() <= kCodeMax && std::all_of(text.begin(), text.end(), belongs);
}

std::vector<std::string_view> menu_commands() {
  std::vector<std::string_view> names;
  for (const Screen& screen : screens()) {
    if (screen.menu != nullptr) names.push_back(screen.command);
  }
  return names;
}

}  // namespace

void Dialogue::set_bot_name(std::string name) {
  const std::lock_guard lock(mutex_);
  bot_name_ = lower(std::move(name));
}

Dialogue::Command Dialogue::parse(const std::string& text) const {
  const std::string all = trimmed(text);
  if (!all.starts_with('/')) return {"", all, false};
  const size_t end = std::min(all.find_first_of(" \t\r\n"), all.size());
  std::string name = lower(all.substr(1, end - 1));
  Command command{"", trimmed(std::string_view(all).substr(end)), false};
  if (const size_t at = name.find('@'); at != std::string::npos) {
    const std::lock_guard lock(mutex_);
    command.for_another_bot = !bot_name_.empty() && name.substr(at + 1) != bot_name_;
    name.resize(at);
  }
  command.name = name;
  return command;
}

bool Dialogue::is_paired(ChatId chat, UserId user) const {
  return services_.hub.people().is_paired(static_cast<int64_t>(chat), static_cast<int64_t>(user));
}

Replies Dialogue::on_message(const IncomingMessage& message) {
  const Command command = parse(message.text);
  if (command.for_another_bot) return {};
  if (!is_paired(message.chat, message.from.id)) return on_stranger(message, command);
  services_.hub.people().mark_alive(static_cast<int64_t>(message.chat));
  if (!message.text.starts_with('/')) return on_free_text(message);
  if (const Screen* screen = find_screen(command.name)) return show(*screen, message, command.arguments);
  return suggest(command.name);
}

Replies Dialogue::on_stranger(const IncomingMessage& message, const Command& command) {
  if (command.name == "start" && !command.arguments.empty()) return pair(message, command.arguments);
  if (command.name.empty() && message.is_private && looks_like_code(command.arguments))
    return pair(message, command.arguments);
  if (!message.is_private && command.name.empty()) return {};
  return refuse_once(message.chat);
}

Replies Dialogue::pair(const IncomingMessage& message, const std::string& code) {
  if (!message.is_private) return say(std::string(services_.texts.pair_in_private));
  const auto outcome = services_.hub.people().pair(static_cast<int64_t>(message.chat),
                                                   static_cast<int64_t>(message.from.id), message.from.user_name, code);
  if (!outcome) return say(fill(services_.texts.failure, {{"reason", escape_html(outcome.error().message)}}));
  switch (*outcome) {
    case service::PairOutcome::kWrongCode:
      return say(std::string(services_.texts.wrong_code));
    case service::PairOutcome::kSlowDown:
      return say(std::string(services_.texts.slow_down));
    case service::PairOutcome::kAlreadyPaired:
      return say(std::string(services_.texts.welcome));
    case service::PairOutcome::kBecameOwner:
      break;
  }
  const std::string name = escape_html(cut_plain(message.from.first_name, 64));
  return say(fill(services_.texts.became_owner, {{"name", name}}) + "\n\n" + std::string(services_.texts.welcome));
}

// One polite line a minute: whoever goes on writing is not worth more messages.
Replies Dialogue::refuse_once(ChatId chat) {
  const Timestamp now = services_.hub.clock().now();
  {
    const std::lock_guard lock(mutex_);
    if (refused_at_.size() >= kRefusedMax) refused_at_.clear();
    const auto [entry, is_new] = refused_at_.try_emplace(chat, now);
    if (!is_new && now - entry->second < kRefusalEvery) return {};
    entry->second = now;
  }
  return say(std::string(services_.texts.refusal));
}

Replies Dialogue::on_free_text(const IncomingMessage& message) {
  if (const auto command = services_.questions.take(message.chat, message.from.id)) {
    if (const Screen* screen = find_screen(*command)) return show(*screen, message, trimmed(message.text));
  }
  if (!message.is_private) return {};
  const std::string text = trimmed(message.text);
  return suggest(lower(text.substr(0, text.find_first_of(" \t\r\n"))));
}

Replies Dialogue::show(const Screen& screen, const IncomingMessage& message, std::string arguments) {
  return screen.show({message.chat, message.from, std::move(arguments), false}, services_);
}

Replies Dialogue::suggest(const std::string& word) {
  const auto known = menu_commands();
  auto meant = nearest(word, known);
  if (meant.empty()) meant = known;
  std::string list;
  for (const auto command : meant) list += (list.empty() ? "/" : ", /") + std::string(command);
  return say(fill(services_.texts.nearest_commands, {{"commands", list}}));
}

Dialogue::Press Dialogue::on_press(const CallbackQuery& query) {
  if (!is_paired(query.chat, query.from.id)) return {std::string(services_.texts.refusal), nullptr, {}};
  const auto data = signer_.verify(query.chat, query.data);
  if (!data) return {std::string(services_.texts.expired_button), nullptr, {}};
  const size_t space = std::min(data->find(' '), data->size());
  const Screen* screen = find_screen(data->substr(0, space));
  if (screen == nullptr) return {std::string(services_.texts.expired_button), nullptr, {}};
  return {"", screen, {query.chat, query.from, trimmed(std::string_view(*data).substr(space)), true}};
}

}  // namespace mps::telegram
