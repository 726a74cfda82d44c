#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "telegram/types.h"

namespace mps::telegram {

// The presser of buttons that are for all in a chat, such as those of alerts. No user of Telegram has this number.
inline constexpr UserId kEverybody{};

// Binds what a button says to the chat it was sent to and to who may press it: callback_data comes back from the app,
// which anybody may have changed. Good across restarts, for as long as the bot keeps its token.
class CallbackSigner {
 public:
  explicit CallbackSigner(std::string_view bot_token);

  struct Verified {
    std::string data;
    UserId presser{};  // as signed: kEverybody, or who pressed
  };

  // "SIGNATURE data", at most 64 bytes for data of at most 55.
  std::string sign(ChatId chat, UserId presser, std::string_view data) const;
  // The data, where we signed it for this chat, and for this user or everybody.
  std::optional<Verified> verify(ChatId chat, UserId user, std::string_view signed_data) const;
  // Every button of a keyboard.
  Markup sign(ChatId chat, UserId presser, Markup markup) const;

 private:
  std::string signature(ChatId chat, UserId presser, std::string_view data) const;
  std::string key_;
};

}  // namespace mps::telegram
