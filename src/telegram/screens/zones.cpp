#include "telegram/screens/zones.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

constexpr size_t kZoneButtonsMax = 12;

const std::vector<std::string>& usual_zones(const std::string& language) {
  static const std::vector<std::string> russian{"Europe/Moscow",    "Europe/Samara",    "Asia/Yekaterinburg",
                                                "Asia/Omsk",        "Asia/Novosibirsk", "Asia/Irkutsk",
                                                "Asia/Vladivostok", "Asia/Almaty",      "UTC"};
  static const std::vector<std::string> others{"Europe/London",    "Europe/Berlin",   "Europe/Moscow",
                                               "America/New_York", "America/Chicago", "America/Los_Angeles",
                                               "Asia/Kolkata",     "Asia/Tokyo",      "UTC"};
  return language == "ru" ? russian : others;
}

// "17:40 Berlin": the time is what people know best.
std::optional<InlineButton> zone_button(const std::string& name, Timestamp now) {
  const auto zone = TimeZone::find(name);
  if (!zone) return std::nullopt;
  std::string city = name.substr(name.rfind('/') + 1);
  std::ranges::replace(city, '_', ' ');
  if (name.starts_with("Etc/")) city = fmt::format("UTC{}{}", city[3] == '-' ? '+' : '-', city.substr(4));
  return InlineButton{fmt::format("{} {}", zone->format(now, "%H:%M"), city), "settings zone " + name};
}

}  // namespace

Reply choose_zone(Services& services, const std::vector<std::string>& names, std::string html) {
  std::vector<InlineButton> buttons;
  for (const std::string& name : names) {
    const auto button = zone_button(name, services.hub.clock().now());
    if (button && buttons.size() < kZoneButtonsMax) buttons.push_back(*button);
  }
  InlineKeyboard keyboard = in_rows(std::move(buttons), 3);
  keyboard.push_back({{std::string(services.texts.button_another_zone), "settings zone ?"}});
  return {{std::move(html), std::move(keyboard), {}, {}}, true};
}

Reply ask_zone(Services& services) {
  return ask_zone(services,
                  fill(services.texts.zone_ask, {{"zone", escape_html(services.zone.name())},
                                                 {"time", services.zone.format(services.hub.clock().now(), "%H:%M")}}));
}

Reply ask_zone(Services& services, std::string html) {
  std::vector<std::string> names = usual_zones(services.language);
  const std::string& hub = services.hub.options().zone.name();
  if (std::ranges::find(names, hub) == names.end()) names.insert(names.begin(), hub);
  return choose_zone(services, names, std::move(html));
}

Result<Replies> ask_zone_name(const Request& request, Services& services) {
  MPS_TRY_VOID(services.questions.ask(request.chat, request.from.id, "settings zone"));
  return Replies{{{std::string(services.texts.zone_type), ForceReply{"Europe/Berlin"}, {}, {}}, false}};
}

}  // namespace mps::telegram
