#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"
#include "service/muting.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"
#include "telegram/screens/zones.h"

// /settings: how a chat is spoken to, and what comes to it.
namespace mps::telegram {
namespace {

constexpr size_t kTagButtonsMax = 20;
constexpr size_t kTagBytesMax = 40;  // of callback_data; longer ones are typed

int64_t number_of(const Request& request) {
  return static_cast<int64_t>(request.chat);
}

InlineButton settings_button(std::string_view text, std::string_view arguments) {
  return {std::string(text), fmt::format("settings{}{}", arguments.empty() ? "" : " ", arguments)};
}

std::string quiet_line(const Request& request, Services& services) {
  const auto hours = services.hub.muting().quiet_hours_of(number_of(request));
  if (!hours || !*hours) return std::string(services.texts.settings_none);
  return fmt::format("{} - {}", service::clock_of((*hours)->begins), service::clock_of((*hours)->ends));
}

std::string report_line(const Request& request, Services& services) {
  const auto wish = services.hub.report_schedule().of(number_of(request));
  return wish && *wish ? service::clock_of((*wish)->at) : std::string(services.texts.settings_none);
}

std::string_view units_name(Units units, const Texts& texts) {
  return units == Units::kBits ? texts.units.bits : units == Units::kBinary ? texts.units.binary : texts.units.bytes;
}

std::string alerts_line(const service::ChatLook& look, Services& services) {
  if (look.no_alerts) return std::string(services.texts.settings_none);
  if (look.tag.empty()) return std::string(services.texts.settings_all_alerts);
  return fill(services.texts.settings_alerts_of_tag, {{"tag", escape_html(look.tag)}});
}

InlineKeyboard settings_keyboard(const Request& request, Services& services) {
  const Texts& texts = services.texts;
  const auto language = [&](const char* code) {
    const std::string mark = services.language == code ? "✓ " : "";
    return settings_button(mark + std::string(texts_in(code).language), fmt::format("language {}", code));
  };
  InlineKeyboard keyboard{{language("en"), language("ru")},
                          {settings_button(texts.button_zone, "zone"), settings_button(texts.button_alerts, "alerts")},
                          {{std::string(texts.button_quiet), "quiet"}, {std::string(texts.button_daily), "report"}},
                          {settings_button(texts.units.button, "units")}};
  if (is_group(request.chat)) keyboard.push_back({settings_button(texts.button_leave, "leave")});
  return keyboard;
}

// As they are now, with what was just changed.
Reply overview(const Request& request, Services& services) {
  const auto look = services.hub.chat_settings().of(number_of(request));
  const std::string language = look.chose_language ? look.language : services.language;
  Services own = services.spoken(language, look.zone, look.units);
  const Texts& texts = own.texts;
  std::string zone = fill(texts.settings_zone, {{"zone", escape_html(look.zone.name())},
                                                {"time", look.zone.format(own.hub.clock().now(), "%H:%M")}});
  if (!look.chose_zone) zone += " " + std::string(texts.settings_zone_of_hub);
  const std::string html = fmt::format("{}\n\n{}\n{}\n{}\n{}\n{}\n{}",
                                       is_group(request.chat) ? texts.settings_title_group : texts.settings_title,
                                       fill(texts.settings_language, {{"language", texts.language}}), zone,
                                       fill(texts.units.line, {{"units", units_name(look.units, texts)}}),
                                       fill(texts.settings_alerts, {{"alerts", alerts_line(look, own)}}),
                                       fill(texts.settings_quiet, {{"quiet", quiet_line(request, own)}}),
                                       fill(texts.settings_report, {{"report", report_line(request, own)}}));
  return {{html, settings_keyboard(request, own), {}, {}}, true};
}

void note_setting(const Request& request, Services& services, std::string_view what) {
  note(request, services, service::Change::kChatChanged, fmt::format("{}: {}", number_of(request), what));
}

Result<Replies> set_language(const Request& request, std::string code, Services& services) {
  code = lower_case(std::move(code));
  if (code == "русский") code = "ru";
  if (code == "english") code = "en";
  MPS_TRY_VOID(services.hub.chat_settings().set_language(number_of(request), code));
  MPS_TRY(auto wish, services.hub.report_schedule().of(number_of(request)));
  if (wish) {
    wish->language = code;
    MPS_TRY_VOID(services.hub.report_schedule().set(number_of(request), *wish));
  }
  note_setting(request, services, "language " + code);
  return Replies{overview(request, services)};
}

// Quiet hours and daily report, where they were by the clock that the chat had before.
Result<void> move_times(const Request& request, const std::string& zone, Services& services) {
  auto& muting = services.hub.muting();
  auto& schedule = services.hub.report_schedule();
  MPS_TRY(auto hours, muting.quiet_hours_of(number_of(request)));
  if (hours && hours->zone == services.zone.name()) {
    hours->zone = zone;
    MPS_TRY_VOID(muting.set_quiet(*hours));
  }
  MPS_TRY(auto wish, schedule.of(number_of(request)));
  if (!wish || wish->zone.name() != services.zone.name()) return {};
  MPS_TRY(wish->zone, TimeZone::find(zone));
  return schedule.set(number_of(request), *wish);
}

// "" asks, "?" asks for a name, a name that fits one zone sets it.
Result<Replies> set_zone(const Request& request, const std::string& text, Services& services) {
  if (text.empty()) return Replies{ask_zone(services)};
  if (text == "?" && request.by_button) return ask_zone_name(request, services);
  const auto names = TimeZone::matching(text);
  const std::string wanted = escape_html(cut_plain(text, 60));
  if (names.empty()) return Replies{ask_zone(services, fill(services.texts.zone_unknown, {{"text", wanted}}))};
  if (names.size() > 1)
    return Replies{choose_zone(services, names, fill(services.texts.zone_many, {{"text", wanted}}))};
  MPS_TRY_VOID(services.hub.chat_settings().set_zone(number_of(request), names.front()));
  MPS_TRY_VOID(move_times(request, names.front(), services));
  note_setting(request, services, "time zone " + names.front());
  return Replies{overview(request, services)};
}

Reply ask_alerts(Services& services) {
  std::vector<std::string> tags;
  for (const auto& server : services.hub.servers().list())
    tags.insert(tags.end(), server.tags.begin(), server.tags.end());
  std::ranges::sort(tags);
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  InlineKeyboard keyboard{{settings_button(services.texts.button_all_alerts, "alerts all"),
                           settings_button(services.texts.button_no_alerts, "alerts none")}};
  std::vector<InlineButton> buttons;
  for (const std::string& tag : tags) {
    if (tag.size() <= kTagBytesMax && buttons.size() < kTagButtonsMax)
      buttons.push_back(settings_button(tag, "alerts tag " + tag));
  }
  for (auto& row : in_rows(std::move(buttons), 2)) keyboard.push_back(std::move(row));
  keyboard.push_back({settings_button(services.texts.button_back, "")});
  return {{std::string(services.texts.alerts_which), std::move(keyboard), {}, {}}, true};
}

Result<Replies> set_alerts(const Request& request, const std::string& which, Services& services) {
  if (which.empty()) return Replies{ask_alerts(services)};
  const bool all = lower_case(which) == "all";
  MPS_TRY_VOID(services.hub.chat_settings().set_alerts(number_of(request), all ? "" : which));
  note_setting(request, services, "alerts: " + which);
  return Replies{overview(request, services)};
}

// "" asks.
Result<Replies> set_units(const Request& request, const std::string& which, Services& services) {
  if (which.empty()) {
    InlineKeyboard keyboard;
    for (const Units units : {Units::kBytes, Units::kBinary, Units::kBits}) {
      const std::string mark = services.words.units == units ? "✓ " : "";
      keyboard.push_back({settings_button(mark + std::string(units_name(units, services.texts)),
                                          fmt::format("units {}", name_of(units)))});
    }
    keyboard.push_back({settings_button(services.texts.button_back, "")});
    return Replies{{{std::string(services.texts.units.which), std::move(keyboard), {}, {}}, true}};
  }
  const std::string wanted = lower_case(which);
  MPS_TRY_VOID(services.hub.chat_settings().set_units(number_of(request), wanted));
  note_setting(request, services, "units " + wanted);
  return Replies{overview(request, services)};
}

// A group that nobody wants here any more.
Result<Replies> leave(const Request& request, const std::string& word, Services& services) {
  if (!is_group(request.chat)) return Replies{overview(request, services)};
  if (word != "yes") {
    InlineKeyboard keyboard{
        {settings_button(services.texts.button_leave, "leave yes"), settings_button(services.texts.button_back, "")}};
    return Replies{{{std::string(services.texts.leave_sure), std::move(keyboard), {}, {}}, true}};
  }
  MPS_TRY_VOID(services.hub.people().remove_chat(number_of(request)));
  MPS_TRY_VOID(services.hub.chat_settings().forget(number_of(request)));
  note(request, services, service::Change::kChatRemoved, std::to_string(number_of(request)));
  return Replies{{{std::string(services.texts.left), {}, {}, {}}, true}};
}

// "", "language CODE", "zone [NAME | ?]", "alerts [all | none | tag NAME]", "units [NAME]", "leave [yes]".
Result<Replies> settings_or_fail(const Request& request, Services& services) {
  std::string rest = request.arguments;
  const std::string what = lower_case(take_word(rest));
  if (what == "language") return set_language(request, rest, services);
  if (what == "zone") return set_zone(request, rest, services);
  if (what == "alerts") return set_alerts(request, rest, services);
  if (what == "units") return set_units(request, rest, services);
  if (what == "leave") return leave(request, rest, services);
  return Replies{overview(request, services)};
}

Replies show_settings(const Request& request, Services& services) {
  auto replies = settings_or_fail(request, services);
  if (replies) return std::move(*replies);
  return say(fill(services.texts.failure, {{"reason", reason_of(replies.error(), services.texts)}}));
}

}  // namespace

const Screen kSettingsScreen{"settings", &Texts::menu_settings, Role::kViewer,        show_settings,
                             nullptr,    role_for_chat,         &Texts::help_settings};

}  // namespace mps::telegram
