#include <fmt/format.h>

#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/zones.h"

namespace mps::telegram {
namespace {

// In the topic of a group that an admin says it in, alerts come from then on.
Replies start_in_group(const Request& request, Services& services) {
  auto& settings = services.hub.chat_settings();
  const auto chat = static_cast<int64_t>(request.chat);
  if (request.role < Role::kAdmin || settings.of(chat).thread_id == request.thread_id)
    return say(std::string(welcome_for(request.role, services.texts)));
  const auto moved = settings.set_thread(chat, request.thread_id);
  if (!moved) return say(fill(services.texts.failure, {{"reason", reason_of(moved.error(), services.texts)}}));
  note(request, services, service::Change::kChatChanged, fmt::format("{}: topic {}", chat, request.thread_id));
  return say(std::string(services.texts.group_topic));
}

Replies show_start(const Request& request, Services& services) {
  if (is_group(request.chat)) return start_in_group(request, services);
  Replies replies = say(std::string(welcome_for(request.role, services.texts)));
  if (!services.hub.chat_settings().of(static_cast<int64_t>(request.chat)).chose_zone)
    replies.push_back(ask_zone(services));
  return replies;
}

}  // namespace

const Screen kStartScreen{"start", &Texts::menu_start, Role::kViewer, show_start};

}  // namespace mps::telegram
