#include "service/alert_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

#include "base/text.h"

namespace mps::service {
namespace {

using catalog::Incident;

std::string amount(double value, const Resource* resource) {
  return resource == nullptr ? format_number(value) : escape_html(format_value(value, resource->unit));
}

// "CPU", "Disk /var"; "" of the server as a whole.
std::string subject_name(const Subject& subject) {
  if (subject.resource == nullptr) return escape_html(subject.incident.instance);
  std::string name(subject.resource->title);
  if (!subject.incident.instance.empty()) name += " " + escape_html(subject.incident.instance);
  return name;
}

std::string lasted_text(const Incident& incident) {
  const Timestamp until = incident.resolved_at.value_or(incident.notified_at);
  const auto lasted = std::chrono::floor<std::chrono::seconds>(until - incident.breached_at);
  return format_duration(std::max<Duration>(lasted, std::chrono::seconds(1)));
}

std::string limit_text(const Subject& subject) {
  return fmt::format("{} {}", subject.incident.below ? "under" : "over",
                     amount(subject.incident.threshold, subject.resource));
}

// Nothing holds more than 100 %.
std::string foreseen_state(const Subject& subject) {
  const bool is_full = subject.resource != nullptr && subject.resource->unit == Unit::kPercent &&
                       subject.incident.threshold >= 100 && !subject.incident.below;
  return is_full ? "full" : limit_text(subject);
}

// "full at 03:40 Thu (80 %: 01:10 - 07:30)"
std::string foreseen_text(const Subject& subject, Timestamp now, const TimeZone& zone) {
  const Incident& incident = subject.incident;
  std::string text = foreseen_state(subject);
  if (incident.expected_at) text += " at " + clock_text(*incident.expected_at, now, zone);
  if (incident.expected_from && incident.expected_to) {
    text += fmt::format(" (80 %: {} - {})", zone.format(*incident.expected_from, "%H:%M"),
                        zone.format(*incident.expected_to, "%H:%M"));
  }
  return text;
}

// What is wrong, as the rest of a sentence that begins with the server.
std::string trouble_text(const Subject& subject, bool still, Timestamp now, const TimeZone& zone) {
  const Incident& incident = subject.incident;
  const std::string name = subject_name(subject), again = still ? "still " : "";
  if (incident.kind == "no_data") {
    const std::string since = clock_text(incident.breached_at, now, zone);
    if (name.empty()) return fmt::format("{}silent since {}", again, since);
    return fmt::format("{}no figures of {} since {}", again, name, since);
  }
  if (incident.kind == "prediction") return fmt::format("{} {}{}", name, again, foreseen_text(subject, now, zone));
  if (incident.kind == "anomaly") return fmt::format("{} is {}unusual", name, again);
  return fmt::format("{} is {}{}", name, again, limit_text(subject));
}

std::string_view mark_of_incident(const Incident& incident) {
  if (incident.resolved_at) return "🟢";
  if (incident.acknowledged_at) return "🟡";
  if (incident.kind == "no_data") return "⚫";
  return incident.kind == "threshold" ? "🔴" : "🟠";
}

std::string figures_text(const Subject& subject, Timestamp now, const TimeZone& zone) {
  const Incident& incident = subject.incident;
  if (incident.kind == "no_data") return "for " + lasted_text(incident);
  const std::string present = amount(incident.value, subject.resource),
                    since = clock_text(incident.breached_at, now, zone);
  if (incident.kind == "prediction") return fmt::format("now <b>{}</b>, foreseen since {}", present, since);
  return fmt::format("now <b>{}</b>, {} {}, since {} ({})", present, incident.below ? "lowest" : "peak",
                     amount(incident.peak, subject.resource), since, lasted_text(incident));
}

std::string resolved_text(const Subject& subject, Timestamp now, const TimeZone& zone) {
  const Incident& incident = subject.incident;
  const std::string name = subject_name(subject), present = amount(incident.value, subject.resource);
  const std::string span =
      fmt::format("from {} for {}", clock_text(incident.breached_at, now, zone), lasted_text(incident));
  if (incident.kind == "no_data")
    return fmt::format("{} again\n{} {}", name.empty() ? "sends" : "sends " + name, "it was silent", span);
  if (incident.kind == "prediction")
    return fmt::format("{} is no longer foreseen to be {}\nforeseen {}, now {}", name, foreseen_state(subject), span,
                       present);
  if (incident.kind == "anomaly")
    return fmt::format("{} is as usual again, {}\nit was unusual {}", name, present, span);
  return fmt::format("{} is back to {}\nit was {} {}, {} {}", name, present, limit_text(subject), span,
                     incident.below ? "lowest" : "peak", amount(incident.peak, subject.resource));
}

// What people did about it, a line each.
std::string people_lines(const Incident& incident, Timestamp now, const TimeZone& zone) {
  std::string lines;
  if (incident.acknowledged_at) {
    lines += fmt::format("\nAcknowledged by {}, {}", escape_html(incident.acknowledged_by),
                         clock_text(*incident.acknowledged_at, now, zone));
  }
  if (incident.resolved_at) return lines;
  if (incident.snoozed_until) lines += "\nSnoozed until " + clock_text(*incident.snoozed_until, now, zone);
  if (incident.flapping) lines += "\nIt comes and goes: held open until it stays well for a while";
  return lines;
}

}  // namespace

std::string clock_text(Timestamp time, Timestamp now, const TimeZone& zone) {
  if (zone.format(time, "%F") == zone.format(now, "%F")) return zone.format(time, "%H:%M");
  const Duration away = time > now ? time - now : now - time;
  return zone.format(time, away < std::chrono::hours(24 * 6) ? "%H:%M %a" : "%H:%M %d %b");
}

std::string incident_text(const Subject& subject, Timestamp now, const TimeZone& zone) {
  const Incident& incident = subject.incident;
  std::string text = fmt::format("{} <b>{}</b>: ", mark_of_incident(incident), escape_html(subject.server));
  if (incident.resolved_at) return text + resolved_text(subject, now, zone) + people_lines(incident, now, zone);
  text += trouble_text(subject, false, now, zone);
  if (incident.severity == "critical") text += " (critical)";
  return text + "\n" + figures_text(subject, now, zone) + people_lines(incident, now, zone);
}

std::string reminder_text(const Subject& subject, Timestamp now, const TimeZone& zone) {
  return fmt::format("{} <b>{}</b>: {}\n{}", mark_of_incident(subject.incident), escape_html(subject.server),
                     trouble_text(subject, true, now, zone), figures_text(subject, now, zone));
}

std::string incident_line(const Subject& subject, Timestamp now, const TimeZone& zone) {
  const Incident& incident = subject.incident;
  const std::string begin = fmt::format("{} <b>{}</b> ", mark_of_incident(incident), escape_html(subject.server));
  const std::string name = subject_name(subject), since = clock_text(incident.breached_at, now, zone);
  if (incident.resolved_at) {
    const std::string what = incident.kind == "no_data" ? (name.empty() ? "silent" : "no " + name) : name;
    return fmt::format("{}{}, {} - {} ({})", begin, what, since, clock_text(*incident.resolved_at, now, zone),
                       lasted_text(incident));
  }
  std::string line = begin + trouble_text(subject, false, now, zone);
  if (incident.kind == "threshold")
    line = fmt::format("{}{} {} ({}), since {}", begin, name, amount(incident.value, subject.resource),
                       limit_text(subject), since);
  if (incident.severity == "critical") line += ", critical";
  if (incident.acknowledged_at) line += ", acknowledged by " + escape_html(incident.acknowledged_by);
  if (incident.snoozed_until) line += ", snoozed until " + clock_text(*incident.snoozed_until, now, zone);
  if (incident.flapping) line += ", comes and goes";
  return line;
}

std::string fleet_line(const std::vector<Subject>& subjects, size_t servers_in_all) {
  const bool any_open =
      std::any_of(subjects.begin(), subjects.end(), [](const Subject& s) { return !s.incident.resolved_at; });
  std::set<ServerId> servers;
  std::map<std::string, size_t> counts;
  for (const Subject& subject : subjects) {
    if (any_open && subject.incident.resolved_at) continue;
    servers.insert(subject.incident.server);
    ++counts[subject.resource == nullptr ? "silent" : std::string(subject.resource->title)];
  }
  std::vector<std::pair<std::string, size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string names;
  for (const auto& [name, count] : sorted) names += (names.empty() ? "" : ", ") + name;
  return fmt::format("{} of {} {}: {}", servers.size(), std::max(servers_in_all, servers.size()),
                     servers_in_all == 1 ? "server" : "servers", names);
}

size_t visible_units(std::string_view html) {
  size_t units = 0;
  bool in_tag = false;
  for (const char c : html) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '<') in_tag = true;
    // Continuation bytes count nothing; a character of four bytes takes two units.
    if (!in_tag && (byte & 0xC0U) != 0x80U) units += byte >= 0xF0U ? 2 : 1;
    if (c == '>') in_tag = false;
  }
  return units;
}

FittedList fit_lines(const std::string& head, const std::vector<std::string>& lines, size_t limit) {
  constexpr size_t kMoreLine = 40;
  FittedList fitted{head, 0};
  size_t used = visible_units(head);
  for (size_t i = 0; i < lines.size(); ++i) {
    const size_t units = visible_units(lines[i]) + 1;
    const size_t reserve = i + 1 == lines.size() ? 0 : kMoreLine;
    if (used + units + reserve > limit) {
      fitted.left_out = lines.size() - i;
      fitted.html += fmt::format("\n… and {} more", fitted.left_out);
      return fitted;
    }
    used += units;
    fitted.html += "\n" + lines[i];
  }
  return fitted;
}

}  // namespace mps::service
