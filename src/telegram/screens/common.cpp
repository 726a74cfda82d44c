#include "telegram/screens/common.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "base/text.h"
#include "metric/resource.h"
#include "telegram/html.h"
#include "telegram/reasons.h"

namespace mps::telegram {
namespace {

constexpr auto kSilentAfter = std::chrono::minutes(2);
constexpr size_t kServersPerPage = 20;
constexpr size_t kLabelMax = 40;

constexpr size_t kOptionsMax = 60;  // words that may follow a name: what and when, and why

// Nothing is named, or a resource at once: "/graph cpu".
bool names_no_server(std::string arguments) {
  return arguments.empty() || find_resource(lower_case(take_word(arguments))) != nullptr;
}

// The server that typed arguments begin with, the longest name first, since names hold spaces too.
ServerChoice find_typed(const std::string& arguments, const service::Servers& servers) {
  if (auto server = servers.find(arguments)) return {*server, "", {}};
  size_t space = arguments.size();
  for (size_t options = 1; options <= kOptionsMax; ++options) {
    space = arguments.find_last_of(' ', space - 1);
    if (space == std::string::npos || space == 0) break;
    if (auto server = servers.find(arguments.substr(0, space))) return {*server, arguments.substr(space + 1), {}};
  }
  return {};
}

ServerChoice find_pressed(std::string arguments, const service::Servers& servers) {
  const auto id = parse_number(take_word(arguments));
  if (!id) return {};
  return {servers.find(ServerId(static_cast<int64_t>(*id))), arguments, {}};
}

Reply ask_which(std::string text, Services& services, std::string_view command) {
  return {{std::move(text), server_keyboard(services, command, 0), {}, {}}, true};
}

}  // namespace

ServerState state_of(const service::Server& server, Services& services) {
  const auto open = services.hub.alerts().open_incidents();
  return state_of(server, std::any_of(open.begin(), open.end(), [&](const auto& i) { return i.server == server.id; }),
                  services);
}

ServerState state_of(const service::Server& server, bool fires, Services& services) {
  const auto last_seen = services.hub.store().last_seen(server.id);
  if (!last_seen) return ServerState::kNeverSeen;
  if (services.hub.clock().now() - *last_seen > kSilentAfter) return ServerState::kSilent;
  return fires ? ServerState::kFiring : ServerState::kFresh;
}

std::string_view mark_of(ServerState state) {
  switch (state) {
    case ServerState::kFresh:
      return "\xF0\x9F\x9F\xA2";  // green circle
    case ServerState::kFiring:
      return "\xF0\x9F\x9F\xA0";  // orange circle
    case ServerState::kSilent:
      return "\xF0\x9F\x94\xB4";  // red circle
    case ServerState::kNeverSeen:
      break;
  }
  return "\xE2\x9A\xAA";  // white circle
}

std::string age_text(Timestamp time, Services& services) {
  const Duration age = std::max<Duration>(services.hub.clock().now() - time, Duration::zero());
  return services.words.duration(std::chrono::floor<std::chrono::seconds>(age));
}

std::string age_of(const std::optional<Timestamp>& last_seen, Services& services) {
  if (!last_seen) return std::string(services.texts.never_sent);
  return fill(services.texts.age, {{"age", age_text(*last_seen, services)}});
}

ServerChoice choose_server(const Request& request, Services& services, std::string_view command) {
  const auto all = services.hub.servers().list();
  if (all.empty()) return {{}, "", say(std::string(services.texts.no_servers))};
  ServerChoice choice = request.by_button ? find_pressed(request.arguments, services.hub.servers())
                                          : find_typed(request.arguments, services.hub.servers());
  if (choice.server) return choice;
  const bool names_none = names_no_server(request.arguments);
  if (all.size() == 1 && names_none && !request.by_button) return {all.front(), request.arguments, {}};
  if (names_none || request.by_button) {
    choice.otherwise = {ask_which(std::string(services.texts.pick_server), services, command)};
  } else {
    const std::string name = escape_html(cut_plain(request.arguments, kLabelMax));
    choice.otherwise = {ask_which(fill(services.texts.unknown_server, {{"name", name}}), services, command)};
  }
  return choice;
}

ServerChoice typed_server(const std::string& text, Services& services) {
  return find_typed(text, services.hub.servers());
}

std::string answer_of(const Request& request) {
  std::string answer = request.arguments.substr(std::min(request.asked.size(), request.arguments.size()));
  answer.erase(0, answer.find_first_not_of(" \t\n"));
  return answer;
}

InlineKeyboard server_keyboard(Services& services, std::string_view command, size_t page) {
  const auto all = services.hub.servers().list();
  const size_t begin = std::min(page * kServersPerPage, all.size());
  const size_t end = std::min(begin + kServersPerPage, all.size());
  std::vector<InlineButton> buttons;
  for (size_t i = begin; i < end; ++i) buttons.push_back(server_button(all[i].name, command, all[i].id));
  InlineKeyboard keyboard = in_rows(std::move(buttons), 2);
  std::vector<InlineButton> turns;
  if (page > 0)
    turns.push_back({std::string(services.texts.button_previous), fmt::format("pick {} {}", command, page - 1)});
  if (end < all.size())
    turns.push_back({std::string(services.texts.button_next), fmt::format("pick {} {}", command, page + 1)});
  if (!turns.empty()) keyboard.push_back(std::move(turns));
  return keyboard;
}

InlineButton server_button(std::string_view text, std::string_view command, ServerId server, std::string_view rest) {
  return {cut_plain(text, kLabelMax),
          fmt::format("{} {}{}{}", command, static_cast<int64_t>(server), rest.empty() ? "" : " ", rest)};
}

InlineKeyboard in_rows(std::vector<InlineButton> buttons, size_t columns) {
  InlineKeyboard keyboard;
  for (size_t i = 0; i < buttons.size(); ++i) {
    if (i % columns == 0) keyboard.emplace_back();
    keyboard.back().push_back(std::move(buttons[i]));
  }
  return keyboard;
}

std::string take_word(std::string& text) {
  const size_t end = text.find_first_of(" \t\n");
  std::string word = text.substr(0, end);
  text.erase(0, end == std::string::npos ? end : text.find_first_not_of(" \t\n", end));
  return word;
}

std::string name_of(const Sender& sender) {
  const std::string& name = sender.first_name.empty() ? sender.user_name : sender.first_name;
  return name.empty() ? fmt::format("user {}", static_cast<int64_t>(sender.id)) : cut_plain(name, kLabelMax);
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void note(const Request& request, Services& services, service::Change change, std::string_view detail) {
  services.hub.audit().note(name_of(request.from), change, detail);
}

Role role_for_chat(const Request& request) {
  return is_group(request.chat) && !request.arguments.empty() ? Role::kAdmin : Role::kViewer;
}

std::string reason_of(const Error& error, const Texts& texts) {
  return escape_html(plain_reason_of(error, texts));
}

}  // namespace mps::telegram
