#include "base/text.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/first_samples.h"

namespace mps::telegram {
namespace {

Replies ask_name(const Request& request, Services& services) {
  if (const auto asked = services.questions.ask(request.chat, request.from.id, "connect"); !asked)
    return say(fill(services.texts.failure, {{"reason", reason_of(asked.error(), services.texts)}}));
  const ForceReply reply{std::string(services.texts.ask_name_placeholder)};
  return {{{std::string(services.texts.ask_name), reply, {}, {}}, false, {}}};
}

Replies show_connect(const Request& request, Services& services) {
  if (request.arguments.empty()) return ask_name(request, services);
  const auto added = services.hub.servers().add(request.arguments);
  if (!added) return say(fill(services.texts.not_connected, {{"reason", reason_of(added.error(), services.texts)}}));
  note(request, services, service::Change::kServerAdded, added->server.name);
  return connection_of(request, added->server, added->token, &Texts::connected_new, services);
}

}  // namespace

const Screen kConnectScreen{.command = "connect",
                            .menu = &Texts::menu_connect,
                            .role = Role::kAdmin,
                            .show = show_connect,
                            .help = &Texts::help_connect,
                            .renew = renew_first_samples};

}  // namespace mps::telegram
