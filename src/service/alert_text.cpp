#include "service/alert_text.h"

#include <fmt/format.h>

#include "base/text.h"

namespace mps::service {
namespace {

// "14:03", with the date where that was not today.
std::string clock_text(Timestamp time, Timestamp now, const TimeZone& zone) {
  const bool today = zone.format(time, "%F") == zone.format(now, "%F");
  return zone.format(time, today ? "%H:%M" : "%d %b %H:%M");
}

}  // namespace

std::string alert_text(alert::Transition transition, const catalog::Server& server, const Resource& resource,
                       const alert::Rule& rule, const catalog::Incident& incident, double value, Timestamp now,
                       const TimeZone& zone) {
  const std::string what = incident.instance.empty()
                               ? std::string(resource.title)
                               : fmt::format("{} {}", resource.title, escape_html(incident.instance));
  const std::string name = escape_html(server.name);
  const char* side = rule.direction == alert::Direction::kAbove ? "over" : "under";
  const std::string limit = format_value(rule.threshold, resource.unit);
  const std::string present = format_value(value, resource.unit), peak = format_value(incident.peak, resource.unit);
  const std::string since = clock_text(incident.breached_at, now, zone),
                    lasted = format_duration(std::chrono::floor<std::chrono::seconds>(now - incident.breached_at));
  switch (transition) {
    case alert::Transition::kFired:
      return fmt::format("🔴 <b>{}</b>: {} is {} {}\nnow <b>{}</b>, peak {}, since {} ({})", name, what, side, limit,
                         present, peak, since, lasted);
    case alert::Transition::kRepeated:
      return fmt::format("🔴 <b>{}</b>: {} is still {} {}\nnow <b>{}</b>, peak {}, since {} ({})", name, what, side,
                         limit, present, peak, since, lasted);
    case alert::Transition::kResolved:
      break;
  }
  return fmt::format("🟢 <b>{}</b>: {} is back to {}\nit was {} {} from {} for {}, peak {}", name, what, present,
                     side, limit, since, lasted, peak);
}

std::string silence_text(alert::Transition transition, const catalog::Server& server, const catalog::Incident& incident,
                         const std::vector<Meanwhile>& meanwhile, Timestamp now, const TimeZone& zone) {
  const std::string name = escape_html(server.name), since = clock_text(incident.breached_at, now, zone),
                    lasted = format_duration(std::chrono::floor<std::chrono::seconds>(now - incident.breached_at));
  if (transition != alert::Transition::kResolved)
    return fmt::format("🔴 <b>{}</b>: {} since {} ({})", name,
                       transition == alert::Transition::kFired ? "silent" : "still silent", since, lasted);
  std::string text = fmt::format("🟢 <b>{}</b>: sends again\nit was silent from {} for {}", name, since, lasted);
  for (const Meanwhile& each : meanwhile) {
    text += fmt::format(
        "\nmeanwhile {}{}{} was {} {} from {} to {}", each.resource->title, each.instance.empty() ? "" : " ",
        escape_html(each.instance), each.rule.direction == alert::Direction::kAbove ? "over" : "under",
        format_value(each.rule.threshold, each.resource->unit), clock_text(each.episode.breached_at, now, zone),
        clock_text(each.episode.ended_at.value_or(now), now, zone));
  }
  return text;
}

std::string prediction_text(alert::Transition transition, const catalog::Server& server, const Resource& resource,
                            const alert::Rule& rule, const catalog::Incident& incident, const alert::Crossing& crossing,
                            double value, Timestamp now, const TimeZone& zone) {
  const std::string what = incident.instance.empty()
                               ? std::string(resource.title)
                               : fmt::format("{} {}", resource.title, escape_html(incident.instance));
  const std::string name = escape_html(server.name), limit = format_value(rule.threshold, resource.unit),
                    present = format_value(value, resource.unit);
  if (transition == alert::Transition::kResolved)
    return fmt::format("🟢 <b>{}</b>: {} is not expected to reach {} any more\nnow <b>{}</b>", name, what, limit,
                       present);
  const auto at = [&](std::optional<Timestamp> time) { return time ? zone.format(*time, "%H:%M %a") : "later"; };
  return fmt::format("🟡 <b>{}</b>: {} reaches {} at {} (80 %: {} - {})\nnow <b>{}</b>", name, what, limit,
                     at(crossing.expected.value_or(now)), at(crossing.earliest), at(crossing.latest), present);
}

}  // namespace mps::service
