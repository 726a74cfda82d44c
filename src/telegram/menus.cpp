#include "telegram/menus.h"

#include "base/log.h"
#include "telegram/screen.h"

namespace mps::telegram {
namespace {

// A group is of people of many roles: it is offered what most of them may do. Whoever may do more can type it.
constexpr Role kRoleOfGroups = Role::kOperator;
constexpr std::string_view kForStrangers = "start";

bool was_set(const ApiResult<>& result) {
  if (!result && result.error().kind != ApiErrorKind::kStopped)
    log::warn("Telegram: a menu of commands is not set ({})", result.error().description);
  return result.has_value();
}

}  // namespace

std::vector<BotCommand> menu_of(std::optional<Role> role, const Texts& texts) {
  std::vector<BotCommand> commands;
  for (const Screen& screen : screens()) {
    if (screen.menu == nullptr || (role ? screen.role > *role : screen.command != kForStrangers)) continue;
    commands.push_back({std::string(screen.command), std::string(texts.*screen.menu)});
  }
  return commands;
}

ApiResult<> Menus::set_for_strangers(BotApi& api) {
  MPS_TRY_VOID(api.set_my_commands(menu_of(std::nullopt, kEnglish)));
  return api.set_my_commands(menu_of(std::nullopt, kRussian), "ru");
}

std::map<ChatId, Menus::Shown> Menus::wanted() const {
  std::map<ChatId, Shown> menus;
  for (const auto& chat : hub_.people().chats()) {
    const auto person = hub_.people().find(chat.chat_id);
    if (chat.gone || (!person && chat.chat_id > 0)) continue;  // the latter only gets messages
    menus[ChatId(chat.chat_id)] = {person ? person->role : kRoleOfGroups,
                                   hub_.chat_settings().of(chat.chat_id).language};
  }
  return menus;
}

void Menus::refresh(BotApi& api) {
  const uint64_t version = hub_.people().version() + hub_.chat_settings().version();
  if (version_ == version) return;
  version_ = version;
  auto now_wanted = wanted();
  for (const auto& [chat, menu] : now_wanted) {
    const auto known = shown_.find(chat);
    if (known != shown_.end() && known->second == menu) continue;
    if (was_set(api.set_my_commands(menu_of(menu.first, texts_in(menu.second)), "", chat))) shown_[chat] = menu;
  }
  std::erase_if(shown_, [&](const auto& entry) {
    return !now_wanted.contains(entry.first) && was_set(api.delete_my_commands(entry.first));
  });
}

}  // namespace mps::telegram
