#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "telegram/screen.h"

// What several screens need.
namespace mps::telegram {

enum class ServerState { kNeverSeen, kFresh, kFiring, kSilent };

ServerState state_of(const service::Server& server, Services& services);
// For those who know already whether it fires.
ServerState state_of(const service::Server& server, bool fires, Services& services);
std::string_view mark_of(ServerState state);
// How long ago `time` was, in whole seconds: "0s", "2m 10s".
std::string age_text(Timestamp time, Services& services);
// "12s ago", or that nothing was ever received.
std::string age_of(const std::optional<Timestamp>& last_seen, Services& services);

// Which server a request is about.
struct ServerChoice {
  std::optional<service::Server> server;
  std::string rest;   // the arguments after the server
  Replies otherwise;  // what to say where the server is still open: a keyboard to choose from, or that there is none
};
// By button the first argument is an id. Typed, it is a name, which may hold spaces; options may follow it.
// With one server alone there is nothing to choose.
ServerChoice choose_server(const Request& request, Services& services, std::string_view command);

// The server that typed text begins with, the longest name first, since names hold spaces; without `otherwise`.
ServerChoice typed_server(const std::string& text, Services& services);

// What somebody answered to a question of ours.
std::string answer_of(const Request& request);

// A keyboard of servers, page by page, whose buttons lead to `command`.
InlineKeyboard server_keyboard(Services& services, std::string_view command, size_t page);

InlineButton server_button(std::string_view text, std::string_view command, ServerId server,
                           std::string_view rest = "");

// Rows of at most `columns` buttons.
InlineKeyboard in_rows(std::vector<InlineButton> buttons, size_t columns);

// The first word of `text`, which loses it.
std::string take_word(std::string& text);

// What to call somebody in a list of what people did.
std::string name_of(const Sender& sender);

// ASCII alone: commands and resources.
std::string lower_case(std::string text);

// What this is, and what to do first.
inline std::string_view welcome_for(Role role, const Texts& texts) {
  return role >= Role::kAdmin ? texts.welcome : texts.welcome_member;
}

// For /audit: that the sender changed something. `detail` is plain text.
void note(const Request& request, Services& services, service::Change change, std::string_view detail);

// Who may change how a chat is spoken to: in their own everybody, in a group an admin.
Role role_for_chat(const Request& request);

// Why something failed, as part of a sentence in the chat's language: escaped, without a full stop.
std::string reason_of(const Error& error, const Texts& texts);

}  // namespace mps::telegram
