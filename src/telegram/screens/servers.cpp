#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/rule_input.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/server_details.h"

// Typed: "", "tag:web", or a name. Buttons: "servers p PAGE [TAG]" lists, TAG being a mark of its name; "servers ID
// [WHAT]" is one server.
namespace mps::telegram {
namespace {

constexpr size_t kServersOnPage = 20;
constexpr size_t kServerNameMax = 60;
constexpr size_t kTagsMax = 9;

struct Line {
  service::Server server;
  ServerState state;
};

int urgency(ServerState state) {
  switch (state) {
    case ServerState::kSilent:
      return 0;
    case ServerState::kFiring:
      return 1;
    case ServerState::kFresh:
      return 2;
    case ServerState::kNeverSeen:
      break;
  }
  return 3;
}

std::vector<Line> worst_first(const std::string& tag, Services& services) {
  std::set<ServerId> firing;
  for (const auto& incident : services.hub.alerts().open_incidents()) firing.insert(incident.server);
  std::vector<Line> lines;
  for (const auto& server : services.hub.servers().list()) {
    if (!tag.empty() && !std::binary_search(server.tags.begin(), server.tags.end(), tag)) continue;
    lines.push_back({server, state_of(server, firing.contains(server.id), services)});
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return urgency(a.state) < urgency(b.state); });
  return lines;
}

std::string fleet_line(const std::vector<Line>& lines, Services& services) {
  const auto count = [&](ServerState state) {
    return std::to_string(std::count_if(lines.begin(), lines.end(), [&](const Line& l) { return l.state == state; }));
  };
  return fill(services.texts.fleet_line, {{"up", count(ServerState::kFresh)},
                                          {"firing", count(ServerState::kFiring)},
                                          {"down", count(ServerState::kSilent)},
                                          {"never", count(ServerState::kNeverSeen)}});
}

std::set<std::string> tags_of_all(Services& services) {
  std::set<std::string> tags;
  for (const auto& server : services.hub.servers().list()) tags.insert(server.tags.begin(), server.tags.end());
  return tags;
}

std::string tag_with_mark(const std::string& mark, Services& services) {
  for (const std::string& tag : tags_of_all(services)) {
    if (mark_of_name(tag) == mark) return tag;
  }
  return "";
}

InlineButton list_button(std::string_view text, size_t page, const std::string& tag) {
  return {cut_plain(text, 40), fmt::format("servers p {}{}", page, tag.empty() ? "" : " " + mark_of_name(tag))};
}

InlineKeyboard list_keyboard(const std::vector<Line>& lines, size_t page, const std::string& tag, Services& services) {
  const size_t begin = page * kServersOnPage, end = std::min(begin + kServersOnPage, lines.size());
  std::vector<InlineButton> buttons;
  for (size_t i = begin; i < end; ++i)
    buttons.push_back(server_button(lines[i].server.name, "status", lines[i].server.id));
  InlineKeyboard keyboard = in_rows(std::move(buttons), 2);
  std::vector<InlineButton> turns;
  if (page > 0) turns.push_back(list_button(services.texts.button_previous, page - 1, tag));
  turns.push_back(list_button(services.texts.button_refresh, page, tag));
  if (end < lines.size()) turns.push_back(list_button(services.texts.button_next, page + 1, tag));
  keyboard.push_back(std::move(turns));
  std::vector<InlineButton> tags;
  for (const std::string& each : tags_of_all(services)) {
    if (tags.size() < kTagsMax)
      tags.push_back(list_button((each == tag ? "✓ #" : "#") + each, 0, each == tag ? "" : each));
  }
  for (auto& row : in_rows(std::move(tags), 3)) keyboard.push_back(std::move(row));
  return keyboard;
}

Replies list_servers(size_t page, const std::string& tag, Services& services) {
  const auto lines = worst_first(tag, services);
  if (lines.empty() && tag.empty()) return say(std::string(services.texts.no_servers));
  if (lines.empty()) return say(fill(services.texts.no_servers_tagged, {{"tag", escape_html(cut_plain(tag, 100))}}));
  page = std::min(page, (lines.size() - 1) / kServersOnPage);
  std::string text = fill(services.texts.servers_title, {{"count", std::to_string(lines.size())}});
  if (!tag.empty()) text += " #" + escape_html(tag);
  text += "\n" + fleet_line(lines, services);
  const size_t end = std::min((page + 1) * kServersOnPage, lines.size());
  for (size_t i = page * kServersOnPage; i < end; ++i) {
    const auto last_seen = services.hub.store().last_seen(lines[i].server.id);
    text +=
        "\n" + fill(services.texts.server_line, {{"mark", mark_of(lines[i].state)},
                                                 {"name", escape_html(cut_plain(lines[i].server.name, kServerNameMax))},
                                                 {"state", age_of(last_seen, services)}});
  }
  return {{{std::move(text), list_keyboard(lines, page, tag, services), {}, {}}, true, {}}};
}

Replies press_servers(const Request& request, Services& services) {
  std::string rest = request.arguments;
  const std::string first = take_word(rest);
  if (first == "p" || first.empty()) {
    const auto page = parse_number(take_word(rest));
    const bool is_page = page && *page >= 0 && *page < 1e6;
    return list_servers(is_page ? static_cast<size_t>(*page) : 0, tag_with_mark(rest, services), services);
  }
  const auto id = parse_number(first);
  const auto server = id ? services.hub.servers().find(ServerId(static_cast<int64_t>(*id))) : std::nullopt;
  if (!server) return list_servers(0, "", services);
  if (!request.asked.empty()) {  // an answer stands behind what was asked
    rest = request.asked;
    take_word(rest);
  }
  return show_server(request, *server, rest, services);
}

Replies show_servers(const Request& request, Services& services) {
  if (request.by_button || !request.asked.empty()) return press_servers(request, services);
  std::string tag = request.arguments;
  for (const std::string_view prefix : {"tag:", "group:", "#", "тег:", "группа:"}) {
    if (tag.starts_with(prefix)) return list_servers(0, tag.substr(prefix.size()), services);
  }
  if (request.arguments.empty()) return list_servers(0, "", services);
  const auto choice = choose_server(request, services, "servers");
  if (!choice.server) return choice.otherwise;
  return show_server(request, *choice.server, "", services);
}

// A look is free; what stands behind a server changes it.
Role role_for_servers(const Request& request) {
  if (!request.asked.empty()) return Role::kAdmin;
  std::string rest = request.arguments;
  const std::string first = take_word(rest);
  return request.by_button && first != "p" && changes_server(rest) ? Role::kAdmin : Role::kViewer;
}

}  // namespace

const Screen kServersScreen{.command = "servers",
                            .menu = &Texts::menu_servers,
                            .role = Role::kViewer,
                            .show = show_servers,
                            .role_for = role_for_servers,
                            .help = &Texts::help_servers};

}  // namespace mps::telegram
