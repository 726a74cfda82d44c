#include "base/text.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

// "pick COMMAND PAGE": another page of the keyboard of servers.
Replies show_pick(const Request& request, Services& services) {
  std::string rest = request.arguments;
  const std::string command = take_word(rest);
  const auto page = parse_number(rest);
  if (!request.by_button || find_screen(command) == nullptr || !page || *page < 0)
    return say(std::string(services.texts.help_names));
  auto keyboard = server_keyboard(services, command, static_cast<size_t>(*page));
  return {{{std::string(services.texts.pick_server), std::move(keyboard), {}, {}}, true}};
}

}  // namespace

const Screen kPickScreen{"pick", nullptr, Role::kViewer, show_pick};

}  // namespace mps::telegram
