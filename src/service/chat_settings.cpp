#include "service/chat_settings.h"

#include <fmt/format.h>

#include "base/log.h"
#include "service/report_words.h"

namespace mps::service {
namespace {

constexpr std::string_view kNoAlerts = "none", kOfTag = "tag ";

}  // namespace

std::string_view ChatSettings::known_language(std::string_view tag_of_app) {
  const std::string_view primary = tag_of_app.substr(0, tag_of_app.find('-'));
  return primary == "ru" ? "ru" : "en";
}

ChatLook ChatSettings::of(int64_t chat) const {
  ChatLook look;
  look.zone = zone_;
  const auto found = table_.find(chat);
  if (!found) log::error("{}", found.error().message);
  if (!found || !*found) return look;
  const catalog::ChatSettings& chosen = **found;
  look.chose_language = !chosen.language.empty();
  if (look.chose_language) look.language = chosen.language;
  if (const auto zone = TimeZone::find(chosen.zone); zone && !chosen.zone.empty()) {
    look.zone = *zone;
    look.chose_zone = true;
  }
  look.no_alerts = chosen.alerts == kNoAlerts;
  if (chosen.alerts.starts_with(kOfTag)) look.tag = chosen.alerts.substr(kOfTag.size());
  look.thread_id = chosen.thread_id;
  look.units = find_units(chosen.units).value_or(Units::kBytes);
  return look;
}

template <class Change>
Result<void> ChatSettings::change(int64_t chat, Change change) {
  ++version_;
  return database_.transaction([&]() -> Result<void> {
    MPS_TRY(const auto known, table_.find(chat));
    catalog::ChatSettings settings = known.value_or(catalog::ChatSettings{});
    settings.chat_id = chat;
    change(settings);
    return table_.set(settings);
  });
}

Result<void> ChatSettings::set_language(int64_t chat, std::string_view language) {
  if (language != words_in(language).language) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("there is no language '{}'; there are: en, ru", language)};
  }
  return change(chat, [&](auto& settings) { settings.language = language; });
}

Result<void> ChatSettings::set_zone(int64_t chat, std::string_view zone) {
  MPS_TRY_VOID(TimeZone::find(zone));
  return change(chat, [&](auto& settings) { settings.zone = zone; });
}

Result<void> ChatSettings::set_units(int64_t chat, std::string_view units) {
  if (!find_units(units)) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' are no units; there are: bytes, binary, bits", units)};
  }
  return change(chat, [&](auto& settings) { settings.units = units; });
}

Result<void> ChatSettings::set_alerts(int64_t chat, std::string_view which) {
  const bool is_tag = which.starts_with(kOfTag) && which.size() > kOfTag.size() && which.size() <= kOfTag.size() + 100;
  if (!which.empty() && which != kNoAlerts && !is_tag) {
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' are no alerts; there are: all, none, tag NAME", which)};
  }
  return change(chat, [&](auto& settings) { settings.alerts = which; });
}

Result<void> ChatSettings::set_thread(int64_t chat, int64_t thread_id) {
  return change(chat, [&](auto& settings) { settings.thread_id = thread_id; });
}

Result<void> ChatSettings::guess_language(int64_t chat, std::string_view tag_of_app) {
  if (of(chat).chose_language) return {};
  return set_language(chat, known_language(tag_of_app));
}

Result<void> ChatSettings::forget(int64_t chat) {
  ++version_;
  return table_.remove(chat);
}

}  // namespace mps::service
