#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.h"
#include "service/alert_words.h"
#include "service/hub.h"
#include "service/report_words.h"
#include "service/role.h"
#include "telegram/pending_questions.h"
#include "telegram/renewals.h"
#include "telegram/texts.h"
#include "telegram/types.h"
#include "telegram/update.h"

// A screen is what one command shows: a function from a request to replies, without any network. A new command is one
// file in screens/ and one row in screens/all.cpp.
namespace mps::telegram {

struct Request {
  ChatId chat{};
  Sender from;
  std::string arguments;                        // what follows the command, without spaces at the ends
  bool by_button = false;                       // arguments are ours: ids in place of names
  service::Role role = service::Role::kViewer;  // of the sender
  int64_t thread_id = 0;                        // the topic in a forum group, 0 elsewhere
  std::string chat_title = {};                  // of a group
  MessageId message{};                          // by button: the message that it stands under
  std::string asked = {};  // of an answer: what the arguments begin with, which is ours (the question's own)
};

// Inside screens the callback_data of a button is "COMMAND ARGUMENTS", at most 55 bytes; it is bound to the chat when
// it is sent.
struct Reply {
  MessageContent content;
  bool in_place = false;  // takes the place of the message whose button was pressed, where that is of the same kind
  // Afterwards the message goes on changing by itself: Screen::renew of that command writes it.
  struct Living {
    std::string command, arguments;
    UserId user{};  // who asked for it: whoever may no longer look sees no more of it
    Duration first = std::chrono::seconds(10);
  };
  std::optional<Living> living = {};
};
using Replies = std::vector<Reply>;

struct Services {
  service::Hub& hub;
  PendingQuestions& questions;
  Renewals& renewals;
  std::string hub_url;  // where agents reach the gateway
  std::string version;  // of the hub
  Timestamp started_at;

  // Of the chat that the request comes from.
  std::string language = "en";
  TimeZone zone = {};
  const Texts& texts = kEnglish;
  const service::ReportWords& words = service::words_in("en");  // titles of resources, values with units, durations

  // The same, spoken like this.
  Services spoken(const std::string& other_language, const TimeZone& other_zone, Units units) const {
    return {hub,
            questions,
            renewals,
            hub_url,
            version,
            started_at,
            other_language,
            other_zone,
            texts_in(other_language),
            service::words_in(other_language, units)};
  }

  // For what service/alert_text.h writes.
  service::Reader reader() const { return service::reader_of(language, zone, words.units); }
};

using service::Role;

struct Screen {
  std::string_view command;
  std::string_view Texts::*menu;  // its line in the app's menu; null: not in the menu
  Role role;                      // who may see it, at least
  Replies (*show)(const Request&, Services&);
  // Where a press does something and shows nothing new: does it, and returns a line that the app shows for a moment.
  std::string (*act)(const Request&, Services&) = nullptr;
  // Where it does more than show: who may have it do what the arguments ask for. Asked of commands and presses alike.
  Role (*role_for)(const Request&) = nullptr;
  std::string_view Texts::*help = nullptr;  // its line in /help, after the command; null: that of the menu
  // Of messages that change by themselves: what this one says now. On a thread that is not a screen's.
  Renewed (*renew)(const Renewal&, Services&) = nullptr;
};

// Who may do what is asked for.
inline Role needed_role(const Screen& screen, const Request& request) {
  return screen.role_for == nullptr ? screen.role : std::max(screen.role, screen.role_for(request));
}

std::span<const Screen> screens();
// Null where there is none of that name.
const Screen* find_screen(std::string_view command);

// One message of text, in HTML.
Replies say(std::string html);

// Whether it takes the place of the message whose button was pressed: that must be of the same kind.
bool fits_in_place(const Reply& reply, const CallbackQuery& query);

}  // namespace mps::telegram
