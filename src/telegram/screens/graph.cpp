#include "base/text.h"
#include "metric/resource.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/resource_choice.h"

namespace mps::telegram {
namespace {

constexpr auto kSpan = std::chrono::hours(24);

InlineKeyboard keyboard(const service::Server& server, Services& services) {
  std::vector<InlineButton> buttons;
  for (const Resource& resource : resources())
    buttons.push_back(server_button(resource.title, "graph", server.id, resource.name));
  InlineKeyboard rows = in_rows(std::move(buttons), 3);
  rows.push_back({server_button(services.texts.button_status, "status", server.id),
                  server_button(services.texts.button_forecast, "forecast", server.id)});
  return rows;
}

Replies show_graph(const Request& request, Services& services) {
  const auto choice = choose_server(request, services, "graph");
  if (!choice.server) return choice.otherwise;
  const auto& server = *choice.server;
  const auto resource = choose_resource(choice.rest, services);
  if (resource.chosen == nullptr) return resource.otherwise;
  const std::string name = escape_html(server.name), title(resource.chosen->title);
  const auto picture = services.hub.pictures().graph(server, *resource.chosen, kSpan);
  if (!picture) {
    return {
        {{fill(services.texts.graph_failed, {{"title", title}, {"name", name}, {"reason", reason_of(picture.error())}}),
          keyboard(server, services),
          {},
          {}},
         true}};
  }
  return {{{fill(services.texts.graph_caption, {{"name", name}, {"title", title}}),
            keyboard(server, services),
            UploadFile{"graph.png", "image/png", *picture},
            {}},
           true}};
}

}  // namespace

const Screen kGraphScreen{"graph", &Texts::menu_graph, Role::kViewer, show_graph, nullptr, nullptr, &Texts::help_graph};

}  // namespace mps::telegram
