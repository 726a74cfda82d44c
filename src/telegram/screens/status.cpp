#include <fmt/format.h>

#include "base/text.h"
#include "metric/resource.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

constexpr size_t kInstanceMax = 60;

std::string value_line(const service::CurrentValue& value, Services& services) {
  std::string title(value.resource->title);
  if (!value.instance.empty()) title += " " + escape_html(cut_plain(value.instance, kInstanceMax));
  return fill(services.texts.status_line,
              {{"title", title}, {"value", escape_html(format_value(value.value, value.resource->unit))}});
}

std::string text_of(const service::Server& server, const service::ServerStatus& status, Services& services) {
  const std::string name = escape_html(server.name);
  if (!status.last_seen) return fill(services.texts.no_data, {{"name", name}});
  std::string text = fill(services.texts.status_title, {{"mark", mark_of(state_of(server, services))}, {"name", name}});
  for (const auto& value : status.values) text += "\n" + value_line(value, services);
  if (status.uptime) text += "\n" + fill(services.texts.uptime_line, {{"uptime", format_duration(*status.uptime)}});
  text += "\n" + fill(services.texts.data_age, {{"age", age_text(*status.last_seen, services)}});
  return text;
}

Replies show_status(const Request& request, Services& services) {
  const auto choice = choose_server(request, services, "status");
  if (!choice.server) return choice.otherwise;
  const auto& server = *choice.server;
  const auto status = services.hub.query().status(server.id);
  InlineKeyboard buttons{{server_button(services.texts.button_refresh, "status", server.id)}};
  if (status.last_seen) {
    buttons.push_back({server_button(services.texts.button_graph, "graph", server.id),
                       server_button(services.texts.button_forecast, "forecast", server.id)});
  }
  return {{{text_of(server, status, services), std::move(buttons), {}, {}}, true}};
}

}  // namespace

const Screen kStatusScreen{"status", &Texts::menu_status, Role::kViewer, show_status, nullptr,
                           nullptr,  &Texts::help_status};

}  // namespace mps::telegram
