#pragma once

#include <map>
#include <mutex>
#include <string>

#include "telegram/callback_signer.h"
#include "telegram/screen.h"

namespace mps::telegram {

// From what somebody sends to what they get: who may speak, commands, answers to our questions, presses of buttons.
// No network. Thread-safe.
class Dialogue {
 public:
  // `everybody`: the role of whoever speaks, where that is settled already, as at a terminal; else People is asked.
  Dialogue(Services services, CallbackSigner signer, std::optional<Role> everybody = std::nullopt)
      : services_(services), signer_(std::move(signer)), everybody_(everybody) {}

  // Once Telegram told it: in groups, commands for other bots ("/help@other") are then passed over.
  void set_bot_name(std::string name);

  // Nothing where silence is right: other bots' commands, small talk in groups, a stranger who was just refused.
  Replies on_message(const IncomingMessage& message);

  struct Press {
    std::string toast;               // what the app shows for a moment; "" for nothing
    const Screen* screen = nullptr;  // null: there is no more to it than the toast
    Request request;
    UserId presser{};  // whom the buttons of this message are for: what takes its place is for the same
  };
  // Quick: reads only memory and the catalog.
  Press on_press(const CallbackQuery& query);

  // What a press of a button that acts does, where the screen has `act`. Returns what the app shows for a moment.
  std::string act(const Press& press);

  // What any other press leads to; may take a while (pictures).
  Replies show(const Press& press);

  // What a message that changes by itself says now; buttons are as they leave.
  Renewed renew(const Renewal& renewal);

  // As buttons leave for a chat. `presser`: who alone may press them; everybody there who has the role, by default.
  Markup sign(ChatId chat, Markup markup, UserId presser = kEverybody) const {
    return signer_.sign(chat, presser, std::move(markup));
  }

 private:
  struct Command {
    std::string name;  // lower case, without the slash; "" for a text that is no command
    std::string arguments;
    bool for_another_bot = false;
  };
  Command parse(const std::string& text) const;
  void remember_language(ChatId chat, const Sender& from);
  Services services_for(ChatId chat, const Sender& from) const;
  Replies on_unknown(const IncomingMessage& message, const Command& command, Services& services);
  Replies on_stranger(const IncomingMessage& message, const Command& command, Services& services);
  Replies on_unknown_group(const IncomingMessage& message, const Command& command, const service::Person& person,
                           const Services& services);
  void tell_owner(const service::Person& joined);
  Replies pair(const IncomingMessage& message, const std::string& code, Services& services);
  Replies refuse_once(ChatId chat, const Services& services);
  Replies on_free_text(const IncomingMessage& message, Role role, Services& services);
  Replies show(const Screen& screen, const Request& request, Services& services);
  Replies suggest(const std::string& word, Role role, const Services& services);
  std::optional<Role> role_of(ChatId chat, UserId user) const;

  Services services_;
  CallbackSigner signer_;
  std::optional<Role> everybody_;
  mutable std::mutex mutex_;
  std::string bot_name_;
  std::map<ChatId, Timestamp> refused_at_;
};

// Whom the buttons of an answer are for: whoever asked. An admin who writes as the group presses as themselves, and
// what is written in a channel is nobody's: such buttons are everybody's.
UserId presser_of(const Sender& from);

// "For that you need to be operator; here you are viewer."
std::string not_allowed(Role needed, Role own, const Texts& texts);

}  // namespace mps::telegram
