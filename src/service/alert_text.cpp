#include "service/alert_text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>

#include "base/text.h"
#include "service/report_words.h"

namespace mps::service {
namespace {

using catalog::Incident;

std::string amount(double value, const Resource* resource, const Reader& reader) {
  return resource == nullptr ? format_number(value) : escape_html(reader.figures.value(value, resource->unit));
}

// "CPU", "Disk /var"; "" of the server as a whole.
std::string subject_name(const Subject& subject, const Reader& reader) {
  const std::string instance = escape_html(subject.incident.instance);
  return subject.resource == nullptr ? instance : reader.figures.title_of(*subject.resource, instance);
}

std::string lasted_text(const Incident& incident, const Reader& reader) {
  const Timestamp until = incident.resolved_at.value_or(incident.notified_at);
  const auto lasted = std::chrono::floor<std::chrono::seconds>(until - incident.breached_at);
  return reader.figures.duration(std::max<Duration>(lasted, std::chrono::seconds(1)));
}

std::string limit_of(const Subject& subject, const Reader& reader) {
  return limit_text(subject.incident.threshold, subject.incident.below, subject.resource, reader);
}

// Nothing holds more than 100 %.
std::string foreseen_state(const Subject& subject, const Reader& reader) {
  const bool is_full = subject.resource != nullptr && subject.resource->unit == Unit::kPercent &&
                       subject.incident.threshold >= 100 && !subject.incident.below;
  return is_full ? std::string(reader.words.full) : limit_of(subject, reader);
}

// "full at 03:40 Thu (80 %: 01:10 - 07:30)"
std::string foreseen_text(const Subject& subject, Timestamp now, const Reader& reader) {
  const Incident& incident = subject.incident;
  std::string text = foreseen_state(subject, reader);
  if (incident.expected_at) {
    text = say(reader.words.foreseen_at, fmt::arg("state", text),
               fmt::arg("time", clock_text(*incident.expected_at, now, reader)));
  }
  if (incident.expected_from && incident.expected_to) {
    text += say(reader.words.band, fmt::arg("from", reader.zone.format(*incident.expected_from, "%H:%M")),
                fmt::arg("to", reader.zone.format(*incident.expected_to, "%H:%M")));
  }
  return text;
}

// What is wrong, as the rest of a sentence that begins with the server.
std::string trouble_text(const Subject& subject, bool still, Timestamp now, const Reader& reader) {
  const Incident& incident = subject.incident;
  const AlertWords& words = reader.words;
  const std::string name = subject_name(subject, reader);
  const auto sentence = [&](const Still& forms, const std::string& state) {
    return say(forms[still ? 1 : 0], fmt::arg("name", name), fmt::arg("state", state),
               fmt::arg("since", clock_text(incident.breached_at, now, reader)));
  };
  if (incident.kind == "no_data") return sentence(name.empty() ? words.silent : words.no_figures, "");
  if (incident.kind == "prediction") return sentence(words.foreseen, foreseen_text(subject, now, reader));
  if (incident.kind == "anomaly") return sentence(words.unusual, "");
  return sentence(words.beyond, limit_of(subject, reader));
}

std::string_view mark_of_incident(const Incident& incident) {
  if (!incident.ended_why.empty()) return "⚪";
  if (incident.resolved_at) return "🟢";
  if (incident.acknowledged_at) return "🟡";
  if (incident.kind == "no_data") return "⚫";
  return incident.kind == "threshold" ? "🔴" : "🟠";
}

std::string figures_text(const Subject& subject, Timestamp now, const Reader& reader) {
  const Incident& incident = subject.incident;
  const AlertWords& words = reader.words;
  const std::string_view sentence = incident.kind == "no_data"      ? words.figures_silent
                                    : incident.kind == "prediction" ? words.figures_foreseen
                                                                    : words.figures;
  return say(sentence, fmt::arg("value", amount(incident.value, subject.resource, reader)),
             fmt::arg("extreme", incident.below ? words.lowest : words.peak),
             fmt::arg("peak", amount(incident.peak, subject.resource, reader)),
             fmt::arg("since", clock_text(incident.breached_at, now, reader)),
             fmt::arg("lasted", lasted_text(incident, reader)));
}

// What was wrong with what nobody watches any more.
std::string unwatched_text(const Subject& subject, const std::string& span, const Reader& reader) {
  const Incident& incident = subject.incident;
  const AlertWords& words = reader.words;
  const bool removed = incident.ended_why == catalog::kServerRemoved;
  const std::string name = subject_name(subject, reader);
  const std::string head = removed        ? std::string(words.server_removed)
                           : name.empty() ? std::string(words.silence_unwatched)
                                          : say(words.unwatched, fmt::arg("name", name));
  const std::string_view sentence = incident.kind == "no_data"      ? words.was_silent
                                    : incident.kind == "prediction" ? words.was_foreseen
                                    : incident.kind == "anomaly"    ? words.was_unusual
                                                                    : words.was_beyond;
  const std::string state = incident.kind == "prediction" ? foreseen_state(subject, reader) : limit_of(subject, reader);
  return head + "\n" + say(sentence, fmt::arg("name", name), fmt::arg("state", state), fmt::arg("span", span));
}

std::string resolved_text(const Subject& subject, Timestamp now, const Reader& reader) {
  const Incident& incident = subject.incident;
  const AlertWords& words = reader.words;
  const std::string span = say(words.span, fmt::arg("since", clock_text(incident.breached_at, now, reader)),
                               fmt::arg("lasted", lasted_text(incident, reader)));
  if (!incident.ended_why.empty()) return unwatched_text(subject, span, reader);
  const std::string name = subject_name(subject, reader);
  const bool is_silence = incident.kind == "no_data", is_prediction = incident.kind == "prediction";
  const bool came_true = incident.below ? incident.peak < incident.threshold : incident.peak > incident.threshold;
  const std::string_view sentence = is_silence && name.empty()   ? words.sends_again
                                    : is_silence                 ? words.sends_this_again
                                    : is_prediction && came_true ? words.came_true
                                    : is_prediction              ? words.no_longer_foreseen
                                    : incident.kind == "anomaly" ? words.as_usual
                                                                 : words.back_to;
  return say(sentence, fmt::arg("name", name), fmt::arg("value", amount(incident.value, subject.resource, reader)),
             fmt::arg("state", is_prediction ? foreseen_state(subject, reader) : limit_of(subject, reader)),
             fmt::arg("span", say(words.span, fmt::arg("since", clock_text(incident.breached_at, now, reader)),
                                  fmt::arg("lasted", lasted_text(incident, reader)))),
             fmt::arg("extreme", incident.below ? words.lowest : words.peak),
             fmt::arg("peak", amount(incident.peak, subject.resource, reader)));
}

// So that people know what to think of this one.
std::string scored_line(const Subject& subject, const Reader& reader) {
  if (subject.incident.kind != "prediction" || subject.scored.judged() == 0) return "";
  return "\n" + precision_text(subject.scored, reader.words);
}

// What people did about it, a line each.
std::string people_lines(const Incident& incident, Timestamp now, const Reader& reader) {
  const AlertWords& words = reader.words;
  std::string lines;
  if (incident.acknowledged_at) {
    lines += "\n" + say(words.acknowledged, fmt::arg("who", escape_html(incident.acknowledged_by)),
                        fmt::arg("time", clock_text(*incident.acknowledged_at, now, reader)));
  }
  if (incident.resolved_at) return lines;
  if (incident.snoozed_until)
    lines += "\n" + say(words.snoozed, fmt::arg("until", clock_text(*incident.snoozed_until, now, reader)));
  if (incident.flapping) lines += "\n" + std::string(words.flapping);
  return lines;
}

std::string resolved_line(const Subject& subject, Timestamp now, const Reader& reader) {
  const Incident& incident = subject.incident;
  std::string what = subject_name(subject, reader);
  if (incident.kind == "no_data") {
    what = what.empty() ? std::string(reader.words.line_silent)
                        : say(reader.words.line_no_figures, fmt::arg("name", what));
  }
  if (incident.ended_why == catalog::kServerRemoved) what += reader.words.line_removed;
  if (incident.ended_why == catalog::kUnwatched) what += reader.words.line_unwatched;
  return say(reader.words.line_resolved, fmt::arg("what", what),
             fmt::arg("since", clock_text(incident.breached_at, now, reader)),
             fmt::arg("until", clock_text(*incident.resolved_at, now, reader)),
             fmt::arg("lasted", lasted_text(incident, reader)));
}

}  // namespace

std::string limit_text(double threshold, bool below, const Resource* resource, const Reader& reader) {
  return say(below ? reader.words.under : reader.words.over, fmt::arg("limit", amount(threshold, resource, reader)));
}

std::string precision_text(const catalog::Predictions::Count& scored, const AlertWords& words) {
  if (scored.judged() == 0) return "";
  return say(words.scored, fmt::arg("judged", scored.judged()), fmt::arg("true", scored.came_true));
}

std::string clock_text(Timestamp time, Timestamp now, const Reader& reader) {
  const TimeZone& zone = reader.zone;
  const std::string clock = zone.format(time, "%H:%M");
  if (zone.format(time, "%F") == zone.format(now, "%F")) return clock;
  const Duration away = time > now ? time - now : now - time;
  const chart::Words& names = reader.figures.chart;
  if (away < std::chrono::hours(24 * 6))
    return clock + " " + names.weekdays[static_cast<size_t>(std::stoi(zone.format(time, "%w")))];
  return fmt::format("{} {} {}", clock, zone.format(time, "%d"),
                     names.months[static_cast<size_t>(std::stoi(zone.format(time, "%m")) - 1)]);
}

std::string incident_text(const Subject& subject, Timestamp now, const Reader& reader) {
  const Incident& incident = subject.incident;
  std::string text = fmt::format("{} <b>{}</b>: ", mark_of_incident(incident), escape_html(subject.server));
  if (incident.resolved_at) return text + resolved_text(subject, now, reader) + people_lines(incident, now, reader);
  text += trouble_text(subject, false, now, reader);
  if (incident.severity == "critical") text += reader.words.critical;
  return text + "\n" + figures_text(subject, now, reader) + scored_line(subject, reader) +
         people_lines(incident, now, reader);
}

std::string reminder_text(const Subject& subject, Timestamp now, const Reader& reader) {
  return fmt::format("{} <b>{}</b>: {}\n{}", mark_of_incident(subject.incident), escape_html(subject.server),
                     trouble_text(subject, true, now, reader), figures_text(subject, now, reader));
}

std::string incident_line(const Subject& subject, Timestamp now, const Reader& reader) {
  const Incident& incident = subject.incident;
  const AlertWords& words = reader.words;
  const std::string begin = fmt::format("{} <b>{}</b> ", mark_of_incident(incident), escape_html(subject.server));
  if (incident.resolved_at) return begin + resolved_line(subject, now, reader);
  std::string line = begin;
  if (incident.kind == "threshold") {
    line += say(words.line_beyond, fmt::arg("name", subject_name(subject, reader)),
                fmt::arg("value", amount(incident.value, subject.resource, reader)),
                fmt::arg("state", limit_of(subject, reader)),
                fmt::arg("since", clock_text(incident.breached_at, now, reader)));
  } else {
    line += trouble_text(subject, false, now, reader);
  }
  if (incident.severity == "critical") line += words.line_critical;
  if (incident.acknowledged_at)
    line += say(words.line_acknowledged, fmt::arg("who", escape_html(incident.acknowledged_by)));
  if (incident.snoozed_until)
    line += say(words.line_snoozed, fmt::arg("until", clock_text(*incident.snoozed_until, now, reader)));
  if (incident.flapping) line += words.line_flapping;
  return line;
}

std::string fleet_line(const std::vector<Subject>& subjects, size_t servers_in_all, const Reader& reader) {
  const bool any_open =
      std::any_of(subjects.begin(), subjects.end(), [](const Subject& s) { return !s.incident.resolved_at; });
  std::set<ServerId> servers;
  std::map<std::string, size_t> counts;
  for (const Subject& subject : subjects) {
    if (any_open && subject.incident.resolved_at) continue;
    servers.insert(subject.incident.server);
    ++counts[subject.resource == nullptr ? std::string(reader.words.fleet_silent)
                                         : reader.figures.title_of(*subject.resource)];
  }
  std::vector<std::pair<std::string, size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string names;
  for (const auto& [name, count] : sorted) names += (names.empty() ? "" : ", ") + name;
  const size_t all = std::max(servers_in_all, servers.size());
  return say(reader.words.is_one(all) ? reader.words.fleet_of_one : reader.words.fleet,
             fmt::arg("count", servers.size()), fmt::arg("all", all), fmt::arg("names", names));
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

FittedList fit_lines(const std::string& head, const std::vector<std::string>& lines, size_t limit,
                     const AlertWords& words) {
  constexpr size_t kMoreLine = 40;
  FittedList fitted{head, 0};
  size_t used = visible_units(head);
  for (size_t i = 0; i < lines.size(); ++i) {
    const size_t units = visible_units(lines[i]) + 1;
    const size_t reserve = i + 1 == lines.size() ? 0 : kMoreLine;
    if (used + units + reserve > limit) {
      fitted.left_out = lines.size() - i;
      fitted.html += "\n" + say(words.more, fmt::arg("count", fitted.left_out));
      return fitted;
    }
    used += units;
    fitted.html += "\n" + lines[i];
  }
  return fitted;
}

}  // namespace mps::service
