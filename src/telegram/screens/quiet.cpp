#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

Reply with_choices(std::string html, Services& services) {
  InlineKeyboard keyboard{{{"22:00 - 07:00", "quiet 22:00 07:00"}, {"23:00 - 08:00", "quiet 23:00 08:00"}},
                          {{std::string(services.texts.button_off), "quiet off"}}};
  return {{std::move(html), std::move(keyboard), {}, {}}, true};
}

std::string quiet_text(const service::QuietHours& hours, Services& services) {
  return fill(services.texts.quiet_set, {{"from", service::clock_of(hours.begins)},
                                         {"to", service::clock_of(hours.ends)},
                                         {"zone", escape_html(hours.zone)}});
}

// "", "off", "HH:MM HH:MM [ZONE]".
Result<Reply> quiet_or_fail(const Request& request, Services& services) {
  auto& muting = services.hub.muting();
  const auto chat = static_cast<int64_t>(request.chat);
  MPS_TRY(const auto known, muting.quiet_hours_of(chat));
  std::string rest = request.arguments;
  if (rest.empty()) {
    const std::string now = known ? quiet_text(*known, services) : std::string(services.texts.quiet_none);
    return with_choices(now + "\n\n" + std::string(services.texts.quiet_how), services);
  }
  if (lower_case(rest) == "off") {
    MPS_TRY_VOID(muting.remove_quiet(chat));
    note(request, services, service::Change::kQuietRemoved, std::to_string(chat));
    return with_choices(std::string(services.texts.quiet_off), services);
  }
  service::QuietHours hours;
  hours.chat_id = chat;
  MPS_TRY(hours.begins, service::parse_clock(take_word(rest)));
  MPS_TRY(hours.ends, service::parse_clock(take_word(rest)));
  hours.zone = !rest.empty() ? rest : known ? known->zone : services.zone.name();
  MPS_TRY_VOID(muting.set_quiet(hours));
  note(
      request, services, service::Change::kQuietSet,
      fmt::format("{}: {} - {}, {}", chat, service::clock_of(hours.begins), service::clock_of(hours.ends), hours.zone));
  return with_choices(quiet_text(hours, services), services);
}

Replies show_quiet(const Request& request, Services& services) {
  const auto reply = quiet_or_fail(request, services);
  if (reply) return {*reply};
  return say(fill(services.texts.failure, {{"reason", reason_of(reply.error(), services.texts)}}));
}

}  // namespace

const Screen kQuietScreen{"quiet", &Texts::menu_quiet, Role::kViewer,     show_quiet,
                          nullptr, role_for_chat,      &Texts::help_quiet};

}  // namespace mps::telegram
