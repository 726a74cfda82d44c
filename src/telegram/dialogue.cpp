#include "telegram/dialogue.h"

#include <algorithm>
#include <cctype>

#include "base/log.h"
#include "base/text.h"
#include "telegram/html.h"
#include "telegram/nearest.h"

namespace mps::telegram {
namespace {

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

Request request_of(const IncomingMessage& message, std::string arguments, Role role, std::string asked = {}) {
  return {message.chat,      message.from,       std::move(arguments), false,           role,
          message.thread_id, message.chat_title, MessageId(0),         std::move(asked)};
}

std::vector<std::string_view> menu_commands(Role role) {
  std::vector<std::string_view> names;
  for (const Screen& screen : screens()) {
    if (screen.menu != nullptr && screen.role <= role) names.push_back(screen.command);
  }
  return names;
}

// By whose name an admin writes who stays anonymous in a group.
constexpr UserId kGroupAnonymousBot{1087968824};

}  // namespace

UserId presser_of(const Sender& from) {
  return from.id == kGroupAnonymousBot ? kEverybody : from.id;
}

std::string not_allowed(Role needed, Role own, const Texts& texts) {
  return fill(texts.role_needed, {{"needed", title_of(needed, texts)}, {"own", title_of(own, texts)}});
}

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

std::optional<Role> Dialogue::role_of(ChatId chat, UserId user) const {
  if (everybody_) return everybody_;
  return services_.hub.people().role_of(static_cast<int64_t>(chat), static_cast<int64_t>(user));
}

// As the chat has chosen, or else as the app of whoever writes is set.
Services Dialogue::services_for(ChatId chat, const Sender& from) const {
  const auto look = services_.hub.chat_settings().of(static_cast<int64_t>(chat));
  const bool is_known = look.chose_language || from.language.empty();
  const std::string language(is_known ? std::string_view(look.language)
                                      : service::ChatSettings::known_language(from.language));
  return services_.spoken(language, look.zone, look.units);
}

Replies Dialogue::on_message(const IncomingMessage& message) {
  const Command command = parse(message.text);
  if (command.for_another_bot) return {};
  Services services = services_for(message.chat, message.from);
  const auto role = role_of(message.chat, message.from.id);
  if (!role) return on_unknown(message, command, services);
  services_.hub.people().mark_alive(static_cast<int64_t>(message.chat));
  remember_language(message.chat, message.from);
  if (!message.text.starts_with('/')) return on_free_text(message, *role, services);
  if (const Screen* screen = find_screen(command.name))
    return show(*screen, request_of(message, command.arguments, *role), services);
  return suggest(command.name, *role, services);
}

// What comes by itself, such as alerts, has no sender whose app could tell.
void Dialogue::remember_language(ChatId chat, const Sender& from) {
  const auto kept = services_.hub.chat_settings().guess_language(static_cast<int64_t>(chat), from.language);
  if (!kept) log::error("{}", kept.error().message);
}

std::string Dialogue::act(const Press& press) {
  Services services = services_for(press.request.chat, press.request.from);
  return press.screen->act(press.request, services);
}

Replies Dialogue::show(const Press& press) {
  Services services = services_for(press.request.chat, press.request.from);
  return press.screen->show(press.request, services);
}

Renewed Dialogue::renew(const Renewal& renewal) {
  const Screen* screen = find_screen(renewal.command);
  const bool is_known = screen != nullptr && screen->renew != nullptr;  // else of an older program
  if (!is_known || !role_of(renewal.to.chat, renewal.user)) return {{}, {}, true};
  Services services = services_for(renewal.to.chat, {});
  Renewed renewed = screen->renew(renewal, services);
  if (renewed.content)
    renewed.content->markup = sign(renewal.to.chat, std::move(renewed.content->markup), renewal.user);
  return renewed;
}

// The answer to what a screen asked is its arguments.
Replies Dialogue::on_free_text(const IncomingMessage& message, Role role, Services& services) {
  if (const auto command = services_.questions.take(message.chat, message.from.id)) {
    const size_t space = std::min(command->find(' '), command->size());
    const std::string asked = trimmed(command->substr(space));
    const std::string arguments = trimmed(asked + " " + message.text);
    if (const Screen* screen = find_screen(command->substr(0, space)))
      return show(*screen, request_of(message, arguments, role, asked), services);
  }
  if (!message.is_private) return {};
  const std::string text = trimmed(message.text);
  return suggest(lower(text.substr(0, text.find_first_of(" \t\r\n"))), role, services);
}

Replies Dialogue::show(const Screen& screen, const Request& request, Services& services) {
  if (const Role needed = needed_role(screen, request); request.role < needed)
    return say(not_allowed(needed, request.role, services.texts));
  return screen.show(request, services);
}

Replies Dialogue::suggest(const std::string& word, Role role, const Services& services) {
  const auto known = menu_commands(role);
  auto meant = nearest(word, known);
  if (meant.empty()) meant = known;
  std::string list;
  for (const auto command : meant) list += (list.empty() ? "/" : ", /") + std::string(command);
  return say(fill(services.texts.nearest_commands, {{"commands", list}}));
}

Dialogue::Press Dialogue::on_press(const CallbackQuery& query) {
  const Texts& texts = services_for(query.chat, query.from).texts;
  const auto role = role_of(query.chat, query.from.id);
  if (!role) return {std::string(texts.refusal), nullptr, {}};
  const auto verified = signer_.verify(query.chat, query.from.id, query.data);
  if (!verified) return {std::string(query.is_private ? texts.expired_button : texts.button_of_another), nullptr, {}};
  const std::string& data = verified->data;
  const size_t space = std::min(data.find(' '), data.size());
  const Screen* screen = find_screen(data.substr(0, space));
  if (screen == nullptr) return {std::string(texts.expired_button), nullptr, {}};
  const Request request{query.chat, query.from,   trimmed(std::string_view(data).substr(space)),
                        true,       *role,        query.thread_id,
                        "",         query.message};
  const Role needed = needed_role(*screen, request);
  if (*role < needed) return {not_allowed(needed, *role, texts), nullptr, {}};
  return {"", screen, request, verified->presser};
}

}  // namespace mps::telegram
