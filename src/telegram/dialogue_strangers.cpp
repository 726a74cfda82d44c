// The part of Dialogue for those whom we do not know, and for groups that we do not.

#include <algorithm>
#include <cctype>

#include "base/log.h"
#include "base/text.h"
#include "telegram/dialogue.h"
#include "telegram/html.h"
#include "telegram/screens/common.h"
#include "telegram/screens/zones.h"

namespace mps::telegram {
namespace {

constexpr auto kRefusalEvery = std::chrono::minutes(1);
constexpr size_t kRefusedMax = 10'000;
constexpr size_t kCodeMin = 8, kCodeMax = 64;
constexpr size_t kGreetedNameMax = 64;

// A text that may be a code alone, without /start before it.
bool looks_like_code(const std::string& text) {
  const auto belongs = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
  return text.size() >= kCodeMin && text.size() <= kCodeMax && std::all_of(text.begin(), text.end(), belongs);
}

}  // namespace

Replies Dialogue::on_unknown(const IncomingMessage& message, const Command& command, Services& services) {
  if (!message.is_private) {
    const auto person = services_.hub.people().find(static_cast<int64_t>(message.from.id));
    if (person) return on_unknown_group(message, command, *person, services);
  }
  return on_stranger(message, command, services);
}

Replies Dialogue::on_stranger(const IncomingMessage& message, const Command& command, Services& services) {
  if (command.name == "start" && !command.arguments.empty()) return pair(message, command.arguments, services);
  if (command.name.empty() && message.is_private && looks_like_code(command.arguments))
    return pair(message, command.arguments, services);
  if (!message.is_private && command.name.empty()) return {};
  return refuse_once(message.chat, services);
}

// Somebody whom we know, in a group that nobody has added yet.
Replies Dialogue::on_unknown_group(const IncomingMessage& message, const Command& command,
                                   const service::Person& person, const Services& services) {
  const Texts& texts = services.texts;
  if (command.name.empty()) return {};
  if (command.name != "start") return say(std::string(texts.group_unknown));
  if (person.role < Role::kAdmin) return say(not_allowed(Role::kAdmin, person.role, texts));
  const auto chat = static_cast<int64_t>(message.chat);
  const std::string title = cut_plain(message.chat_title, kGreetedNameMax);
  auto added = services_.hub.people().add_chat(chat, 0, title, 0);
  if (added) added = services_.hub.chat_settings().set_thread(chat, message.thread_id);
  if (!added) return say(fill(texts.failure, {{"reason", reason_of(added.error(), texts)}}));
  remember_language(message.chat, message.from);
  services_.hub.audit().note(name_of(message.from), service::Change::kChatAdded, title);
  return say(std::string(texts.group_added));
}

Replies Dialogue::pair(const IncomingMessage& message, const std::string& code, Services& services) {
  const Texts& texts = services.texts;
  if (!message.is_private) return say(std::string(texts.pair_in_private));
  const auto user = static_cast<int64_t>(message.from.id);
  auto& people = services_.hub.people();
  const auto outcome = people.pair(static_cast<int64_t>(message.chat), user, name_of(message.from), code);
  if (!outcome) return say(fill(texts.failure, {{"reason", reason_of(outcome.error(), texts)}}));
  if (*outcome == service::PairOutcome::kWrongCode) return say(std::string(texts.wrong_code));
  if (*outcome == service::PairOutcome::kSlowDown) return say(std::string(texts.slow_down));
  const auto person = people.find(user);
  if (!person || *outcome == service::PairOutcome::kAlreadyPaired) return say(std::string(texts.welcome_member));
  remember_language(message.chat, message.from);
  services_.hub.audit().note(person->name, service::Change::kJoined, service::name_of(person->role));
  const std::string name = escape_html(cut_plain(message.from.first_name, kGreetedNameMax));
  const bool is_owner = *outcome == service::PairOutcome::kBecameOwner;
  if (!is_owner) tell_owner(*person);
  Replies replies = say(
      fill(is_owner ? texts.became_owner : texts.joined, {{"name", name}, {"role", title_of(person->role, texts)}}) +
      "\n\n" + std::string(welcome_for(person->role, texts)));
  replies.push_back(ask_zone(services));
  return replies;
}

// A link may have gone to the wrong one.
void Dialogue::tell_owner(const service::Person& joined) {
  for (const auto& person : services_.hub.people().persons()) {
    if (person.role != Role::kOwner) continue;
    const Texts& texts = texts_in(services_.hub.chat_settings().of(person.user_id).language);
    const auto told = services_.hub.outbox().add(
        person.user_id,
        fill(texts.somebody_joined, {{"name", escape_html(joined.name)}, {"role", title_of(joined.role, texts)}}));
    if (!told) log::error("{}", told.error().message);
  }
}

// One polite line a minute: whoever goes on writing is not worth more messages.
Replies Dialogue::refuse_once(ChatId chat, const Services& services) {
  const Timestamp now = services_.hub.clock().now();
  {
    const std::lock_guard lock(mutex_);
    if (refused_at_.size() >= kRefusedMax) refused_at_.clear();
    const auto [entry, is_new] = refused_at_.try_emplace(chat, now);
    if (!is_new && now - entry->second < kRefusalEvery) return {};
    entry->second = now;
  }
  return say(std::string(services.texts.refusal));
}

}  // namespace mps::telegram
