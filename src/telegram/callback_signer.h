#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "telegram/types.h"

namespace mps::telegram {

// Binds what a button says to the chat it was sent to: callback_data comes back from the app, which anybody may have
// changed. Good across restarts, for as long as the bot keeps its token.
class CallbackSigner {
 public:
  explicit CallbackSigner(std::string_view bot_token);

  // "SIGNATURE data", at most 64 bytes for data of at most 55.
  std::string sign(ChatId chat, std::string_view data) const;
  // The data, where we signed it for this chat.
  std::optional<std::string> verify(ChatId chat, std::string_view signed_data) const;
  // Every button of a keyboard.
  Markup sign(ChatId chat, Markup markup) const;

 private:
  std::string signature(ChatId chat, std::string_view data) const;
  std::string key_;
};

}  // namespace mps::telegram
