#include "service/report_parts.h"

#include <cmath>

namespace mps::service {

chart::Tone tone_of_percent(double value) {
  if (value >= 95) return chart::Tone::kBad;
  return value >= 85 ? chart::Tone::kWarning : chart::Tone::kPlain;
}

std::string share_text(double share) {
  return fmt::format("{:.{}f} %", 100 * share, share < 1 && share > 0.9 ? 1 : 0);
}

chart::ReportDocument empty_document(std::string title, TimeRange day, const TimeZone& zone, const ReportWords& words,
                                     const ReportLook& look) {
  chart::ReportDocument document;
  document.title = std::move(title);
  document.subtitle = words.long_day_of(day.from, zone);
  if (zone.format(day.to, "%H:%M") != "00:00")
    document.subtitle += ", " + say(words.until, fmt::arg("time", zone.format(day.to, "%H:%M")));
  document.author = "MPS";
  document.subject = words.subject;
  document.created = look.created;
  document.footer =
      say(words.footer, fmt::arg("date", words.moment(look.created, zone)), fmt::arg("zone", zone.name()));
  document.link = look.link;
  document.paper = look.paper;
  return document;
}

std::string full_text(const MountDay& mount, Timestamp from, const TimeZone& zone, const ReportWords& words) {
  if (!mount.full.expected) return std::string(mount.full.earliest ? words.full_after : words.not_growing);
  const auto moment = [&](const std::optional<Duration>& after) {
    return after ? words.moment(from + *after, zone) : "...";
  };
  if (*mount.full.expected == Duration::zero()) return "100 %";
  return fmt::format("{} ({} - {})", moment(mount.full.expected), moment(mount.full.earliest),
                     moment(mount.full.latest));
}

std::string incident_words(const catalog::Incident& incident, const ReportWords& words) {
  const Resource* resource = find_resource(incident.resource);
  if (resource == nullptr || incident.kind == "no_data") return std::string(words.silent_since);
  const std::string title = words.title_of(*resource, incident.instance);
  if (incident.kind == "anomaly") return say(words.unusual, fmt::arg("title", title));
  const std::string_view sentence = incident.kind == "prediction" ? words.foreseen
                                    : incident.below              ? words.below
                                                                  : words.over;
  return say(sentence, fmt::arg("title", title), fmt::arg("limit", words.value(incident.threshold, resource->unit)));
}

}  // namespace mps::service
