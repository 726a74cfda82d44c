#pragma once

#include <optional>
#include <string>

#include "service/hub.h"
#include "telegram/types.h"

namespace mps::telegram {

// What the bot asked somebody and waits to hear: the next text of that person in that chat is the answer to it. Kept in
// the catalog, so that a restart in the middle of a conversation goes on with it. Thread-safe.
class PendingQuestions {
 public:
  explicit PendingQuestions(service::Hub& hub) : hub_(hub) {}

  // The next text goes to the screen of `command`, "connect"; "settings zone" puts "zone" before it. Takes the place of
  // an older question.
  Result<void> ask(ChatId chat, UserId user, std::string_view command);
  // The command that waits for an answer, which it then no longer does; nothing where none was asked within the hour.
  std::optional<std::string> take(ChatId chat, UserId user);

 private:
  service::Hub& hub_;
};

}  // namespace mps::telegram
