#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/hub.h"
#include "telegram/bot_api.h"
#include "telegram/texts.h"

namespace mps::telegram {

// What the app offers behind the slash to somebody of that role; to strangers, who have none, only how to begin.
std::vector<BotCommand> menu_of(std::optional<service::Role> role, const Texts& texts);

// The menus of commands: in each chat those that its people may use, in the language of the chat. One thread.
class Menus {
 public:
  explicit Menus(service::Hub& hub) : hub_(hub) {}

  // In every chat that we do not know. Fails as the API does.
  ApiResult<> set_for_strangers(BotApi& api);
  // Where roles, chats or languages have changed since the last time. What can't be set goes to the log, and is tried
  // again after the next change.
  void refresh(BotApi& api);

 private:
  using Shown = std::pair<service::Role, std::string>;  // role, language
  std::map<ChatId, Shown> wanted() const;

  service::Hub& hub_;
  std::optional<uint64_t> version_;
  std::map<ChatId, Shown> shown_;
};

}  // namespace mps::telegram
