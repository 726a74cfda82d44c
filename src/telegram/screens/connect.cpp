#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/telegraf_conf.h"

namespace mps::telegram {
namespace {

Replies ask_name(const Request& request, Services& services) {
  if (const auto asked = services.questions.ask(request.chat, request.from.id, "connect"); !asked)
    return say(fill(services.texts.failure, {{"reason", reason_of(asked.error())}}));
  const ForceReply reply{std::string(services.texts.ask_name_placeholder)};
  return {{{std::string(services.texts.ask_name), reply, {}, {}}, false}};
}

Replies show_connect(const Request& request, Services& services) {
  if (request.arguments.empty()) return ask_name(request, services);
  const auto added = services.hub.servers().add(request.arguments);
  if (!added) return say(fill(services.texts.not_connected, {{"reason", reason_of(added.error())}}));
  note(request, services, service::Change::kServerAdded, added->server.name);
  const std::string name = escape_html(added->server.name);
  const std::string command = fmt::format("mps-agent --hub {} --token {}", services.hub_url, added->token);
  Reply token{{fill(services.texts.connected,
                    {{"name", name}, {"token", escape_html(added->token)}, {"command", escape_html(command)}}),
               {},
               {},
               {}},
              false};
  Reply conf{{fill(services.texts.conf_caption, {{"name", name}}),
              {},
              {},
              UploadFile{"telegraf.conf", "text/plain", telegraf_conf(services.hub_url, added->token)}},
             false};
  return {std::move(token), std::move(conf)};
}

}  // namespace

const Screen kConnectScreen{"connect", &Texts::menu_connect, Role::kAdmin, show_connect, nullptr,
                            nullptr,   &Texts::help_connect};

}  // namespace mps::telegram
