#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

constexpr size_t kLinesMax = 50;
constexpr size_t kNameMax = 60;

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

std::vector<Line> worst_first(Services& services) {
  std::vector<Line> lines;
  for (const auto& server : services.hub.servers().list()) lines.push_back({server, state_of(server, services)});
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return urgency(a.state) < urgency(b.state); });
  return lines;
}

Replies show_servers(const Request&, Services& services) {
  const auto lines = worst_first(services);
  if (lines.empty()) return say(std::string(services.texts.no_servers));
  std::string text = fill(services.texts.servers_title, {{"count", std::to_string(lines.size())}});
  for (size_t i = 0; i < std::min(lines.size(), kLinesMax); ++i) {
    const auto last_seen = services.hub.store().last_seen(lines[i].server.id);
    text += "\n" + fill(services.texts.server_line, {{"mark", mark_of(lines[i].state)},
                                                     {"name", escape_html(cut_plain(lines[i].server.name, kNameMax))},
                                                     {"state", age_of(last_seen, services)}});
  }
  if (lines.size() > kLinesMax) text += fmt::format("\n\xE2\x80\xA6 +{}", lines.size() - kLinesMax);
  return {{{std::move(text), server_keyboard(services, "status", 0), {}, {}}, true}};
}

}  // namespace

const Screen kServersScreen{"servers", &Texts::menu_servers, Role::kViewer, show_servers, nullptr,
                            nullptr,   &Texts::help_servers};

}  // namespace mps::telegram
