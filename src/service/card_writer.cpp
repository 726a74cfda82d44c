#include "service/card_writer.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/text.h"

namespace mps::service {
namespace {

bool is_open(const Subject& subject) {
  return !subject.incident.resolved_at;
}

// Those that fire come first, and what nobody has seen before what somebody has.
bool is_more_urgent(const Subject& a, const Subject& b) {
  const auto rank = [](const Subject& s) { return !is_open(s) ? 2 : s.incident.acknowledged_at ? 1 : 0; };
  return rank(a) < rank(b);
}

std::vector<std::vector<MessageButton>> buttons_of(const catalog::Card& card, const std::vector<Subject>& subjects,
                                                   const AlertWords& words) {
  std::vector<std::vector<MessageButton>> rows;
  const auto open = std::count_if(subjects.begin(), subjects.end(), is_open);
  const bool unseen = std::any_of(subjects.begin(), subjects.end(),
                                  [](const Subject& s) { return is_open(s) && !s.incident.acknowledged_at; });
  const auto button = [&](std::string_view text, const char* action) {
    return MessageButton{std::string(text), fmt::format("card {} {}", action, card.id)};
  };
  if (unseen)
    rows.push_back({button(
        open > 1 ? say(words.acknowledge_all, fmt::arg("count", open)) : std::string(words.acknowledge), "ack")});
  if (open > 0)
    rows.push_back(
        {button(words.snooze_hour, "1h"), button(words.snooze_hours, "4h"), button(words.snooze_morning, "morning")});
  if (subjects.size() == 1 && subjects.front().resource != nullptr) {
    const Subject& only = subjects.front();
    rows.push_back({{std::string(words.graph),
                     fmt::format("graph {} {}", static_cast<int64_t>(only.incident.server), only.resource->name)}});
  }
  return rows;
}

std::string plain_line(std::string html) {
  std::string plain;
  bool in_tag = false;
  for (const char c : html) {
    if (c == '<') in_tag = true;
    if (!in_tag) plain += c;
    if (c == '>') in_tag = false;
  }
  for (const auto& [entity, character] :
       {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""}, std::pair{"&amp;", "&"}}) {
    for (size_t at = plain.find(entity); at != std::string::npos; at = plain.find(entity, at + 1))
      plain.replace(at, std::string_view(entity).size(), character);
  }
  return plain;
}

std::string counts_text(const std::vector<Subject>& subjects, const AlertWords& words) {
  const auto open = static_cast<size_t>(std::count_if(subjects.begin(), subjects.end(), is_open));
  return say(words.is_one(open) ? words.counts_of_one : words.counts, fmt::arg("all", subjects.size()),
             fmt::arg("over", subjects.size() - open), fmt::arg("open", open));
}

}  // namespace

std::string CardContent::digest() const {
  std::string all = html;
  for (const auto& row : buttons) {
    for (const MessageButton& button : row) all += "\n" + button.text + "\t" + button.action;
  }
  return sha256_hex(all);
}

Subject CardWriter::subject(const catalog::Incident& incident) const {
  const auto server = servers_.find(incident.server);
  Subject subject{incident, server ? server->name : incident.server_name, find_resource(incident.resource), {}};
  if (incident.kind != "prediction") return subject;
  if (const auto count = predictions_.count(clock_.now() - catalog::kPredictionsScored, incident.resource))
    subject.scored = *count;
  return subject;
}

Result<Subject> CardWriter::subject(int64_t incident) const {
  MPS_TRY(const auto found, incidents_.find(incident));
  if (found) return subject(*found);
  return Error{ErrorCode::kNotFound, fmt::format("there is no incident {}", incident)};
}

Result<std::vector<Subject>> CardWriter::subjects_on(const catalog::Card& card) const {
  MPS_TRY(const auto ids, cards_.incidents_on(card.id));
  std::vector<Subject> subjects;
  for (const int64_t id : ids) {
    MPS_TRY(const auto incident, incidents_.find(id));
    if (incident) subjects.push_back(subject(*incident));
  }
  std::stable_sort(subjects.begin(), subjects.end(), is_more_urgent);
  return subjects;
}

std::string CardWriter::title(const catalog::Card& card, const std::vector<Subject>& subjects, Timestamp now,
                              const Reader& reader) const {
  const AlertWords& words = reader.words;
  const std::string counts = counts_text(subjects, words);
  if (card.kind == "digest") return say(words.digest, fmt::arg("counts", counts));
  if (card.kind == "outage") {
    return say(words.outage, fmt::arg("since", clock_text(card.created_at, now, reader)), fmt::arg("counts", counts));
  }
  const auto open = static_cast<size_t>(std::count_if(subjects.begin(), subjects.end(), is_open));
  const std::string fleet = escape_html(fleet_line(subjects, servers_.list().size(), reader));
  if (open == 0) return say(words.all_over, fmt::arg("fleet", fleet), fmt::arg("count", subjects.size()));
  return say(open < subjects.size() ? words.some_over : words.firing, fmt::arg("fleet", fleet),
             fmt::arg("count", subjects.size() - open));
}

Result<CardContent> CardWriter::write(const catalog::Card& card, bool is_caption) const {
  CardContent content;
  MPS_TRY(content.subjects, subjects_on(card));
  if (content.subjects.empty()) return content;
  const Timestamp now = clock_.now();
  const Reader reader = reader_in(card.chat_id);
  const size_t limit = is_caption ? kCaptionUnitsMax : kTextUnitsMax;
  content.buttons = buttons_of(card, content.subjects, reader.words);
  if (content.subjects.size() == 1 && card.kind == "incidents") {
    content.html = incident_text(content.subjects.front(), now, reader);
    return content;
  }
  std::vector<std::string> lines;
  for (const Subject& subject : content.subjects) lines.push_back(incident_line(subject, now, reader));
  const std::string head = title(card, content.subjects, now, reader);
  const FittedList fitted = fit_lines(head, lines, limit, reader.words);
  content.html = fitted.html;
  if (fitted.left_out > 0) {
    content.whole_list = plain_line(head) + "\n";
    for (const std::string& line : lines) content.whole_list += plain_line(line) + "\n";
  }
  return content;
}

Result<std::string> CardWriter::reminder(const catalog::Card& card) const {
  MPS_TRY(const auto all, subjects_on(card));
  const Timestamp now = clock_.now();
  const Reader reader = reader_in(card.chat_id);
  std::vector<Subject> firing;
  std::copy_if(all.begin(), all.end(), std::back_inserter(firing), [&](const Subject& s) {
    return is_open(s) && !s.incident.acknowledged_at && !(s.incident.snoozed_until && *s.incident.snoozed_until > now);
  });
  if (firing.empty()) return std::string();
  if (firing.size() == 1) return reminder_text(firing.front(), now, reader);
  std::vector<std::string> lines;
  for (const Subject& subject : firing) lines.push_back(incident_line(subject, now, reader));
  const std::string head = say(reader.words.still_firing,
                               fmt::arg("fleet", escape_html(fleet_line(firing, servers_.list().size(), reader))));
  return fit_lines(head, lines, kTextUnitsMax, reader.words).html;
}

std::optional<OutgoingFile> CardWriter::picture(const CardContent& content, const Reader& reader) const {
  if (content.subjects.size() != 1 || content.subjects.front().resource == nullptr) return std::nullopt;
  const Subject& subject = content.subjects.front();
  const auto server = servers_.find(subject.incident.server);
  if (!server) return std::nullopt;
  const auto png = pictures_.incident(*server, *subject.resource, subject.incident, reader);
  if (!png) return std::nullopt;
  return OutgoingFile{"incident.png", "image/png", *png};
}

}  // namespace mps::service
