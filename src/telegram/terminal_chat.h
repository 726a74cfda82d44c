#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "telegram/dialogue.h"

namespace mps::telegram {

struct TerminalOptions {
  service::Role role = service::Role::kOwner;  // of whoever types
  std::string name;                            // what to call them, in the audit log too
  std::string hub_url;                         // where agents reach the gateway
  std::string version;                         // of the hub
  int64_t session = 1;                         // so that two terminals at once don't answer each other's questions
};

// What appears on the terminal.
struct TerminalMessage {
  std::string text;                // plain, several lines; its buttons are the last of them, by number
  std::optional<UploadFile> file;  // a picture or a document, under a name that is new in this session and safe
};
using TerminalMessages = std::vector<TerminalMessage>;

// A chat with somebody at a terminal: the dialogue and the screens of Telegram's chats without Telegram. Buttons are
// numbers, and messages that change are shown anew. It is chat 0, to which nothing comes by itself. One thread.
class TerminalChat {
 public:
  // `hub` must outlive this.
  TerminalChat(service::Hub& hub, TerminalOptions options);

  // How to begin.
  std::string greeting() const;
  // One line: a command, a text, or the number of a button of what was shown last. Where the bot has asked something a
  // number is the answer; "#2" is a button always.
  TerminalMessages say(std::string_view line);
  // What the messages that change by themselves say now; to be called every second or so.
  TerminalMessages renew();
  const Texts& texts() const;  // of the language that is spoken here

 private:
  struct Shown {
    MessageId id{};
    bool has_text = true;  // no picture, no document
    bool asks = false;
    std::vector<InlineButton> buttons = {};  // signed
  };
  struct Button {
    const Shown* message;
    const InlineButton* button;
  };

  std::vector<Button> buttons() const;
  std::optional<size_t> button_number(std::string_view line) const;
  TerminalMessages press(size_t number);
  TerminalMessages show(const Replies& replies, const CallbackQuery* pressed);
  TerminalMessage put(MessageId id, const MessageContent& content);
  std::string keyboard_text(MessageId id, const MessageContent& content) const;

  service::Hub& hub_;
  TerminalOptions options_;
  PendingQuestions questions_;
  Renewals renewals_;
  Dialogue dialogue_;
  std::vector<Shown> shown_;  // since the last line
  int64_t messages_ = 0, files_ = 0;
};

// `text` without what would move the cursor or change colours: names of servers may hold anything.
std::string printable(std::string_view text);

}  // namespace mps::telegram
