#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/hub.h"
#include "telegram/pending_questions.h"
#include "telegram/texts.h"
#include "telegram/types.h"
#include "telegram/update.h"

// A screen is what one command shows: a function from a request to replies, without any network. A new command is one
// file in screens/ and one row in screens/all.cpp.
namespace mps::telegram {

struct Request {
  ChatId chat{};
  Sender from;
  std::string arguments;   // what follows the command, without spaces at the ends
  bool by_button = false;  // arguments are ours: ids in place of names
};

// Inside screens the callback_data of a button is "COMMAND ARGUMENTS", at most 55 bytes; it is bound to the chat when
// it is sent.
struct Reply {
  MessageContent content;
  bool in_place = false;  // takes the place of the message whose button was pressed, where that is of the same kind
};
using Replies = std::vector<Reply>;

struct Services {
  service::Hub& hub;
  PendingQuestions& questions;
  std::string hub_url;  // where agents reach the gateway
  const Texts& texts = kEnglish;
};

struct Screen {
  std::string_view command;
  std::string_view Texts::*menu;  // its line in the app's menu; null: not in the menu
  Replies (*show)(const Request&, Services&);
  // Where a press does something and shows nothing new: does it, and returns a line that the app shows for a moment.
  std::string (*act)(const Request&, Services&) = nullptr;
};

std::span<const Screen> screens();
// Null where there is none of that name.
const Screen* find_screen(std::string_view command);

// One message of text, in HTML.
Replies say(std::string html);

}  // namespace mps::telegram
