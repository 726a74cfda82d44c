#include <fmt/format.h>

#include "base/text.h"
#include "service/alert_text.h"
#include "telegram/html.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

constexpr size_t kButtonRowsMax = 8;
constexpr size_t kHistoryMax = 20;
constexpr size_t kLinesUnitsMax = 4000;

InlineButton alerts_button(std::string text, std::string_view action) {
  return {std::move(text), fmt::format("alerts{}{}", action.empty() ? "" : " ", action)};
}

// For the audit: "7: web cpu".
std::string about(const service::Subject& subject) {
  return fmt::format("{}: {} {}", subject.incident.id, subject.server, subject.incident.resource);
}

std::string alert_line(const service::Subject& subject, Services& services) {
  return fmt::format("{}: {}", subject.incident.id,
                     service::incident_line(subject, services.hub.clock().now(), services.reader()));
}

Reply firing_list(Services& services, const std::vector<service::Subject>& open) {
  InlineKeyboard keyboard;
  std::vector<std::string> lines;
  for (const auto& subject : open) {
    lines.push_back(alert_line(subject, services));
    if (keyboard.size() >= kButtonRowsMax) continue;
    const std::string id = std::to_string(subject.incident.id);
    keyboard.emplace_back();
    if (!subject.incident.acknowledged_at)
      keyboard.back().push_back(alerts_button(fill(services.texts.button_acknowledge, {{"id", id}}), "ack " + id));
    keyboard.back().push_back(alerts_button(fill(services.texts.button_snooze, {{"id", id}}), "1h " + id));
  }
  keyboard.push_back({alerts_button(std::string(services.texts.button_refresh), ""),
                      alerts_button(std::string(services.texts.button_history), "history")});
  const std::string title = open.empty() ? std::string(services.texts.alerts_none)
                                         : fill(services.texts.alerts_title, {{"count", std::to_string(open.size())}});
  return {{service::fit_lines(title, lines, kLinesUnitsMax, services.reader().words).html, std::move(keyboard), {}, {}},
          true};
}

Reply history_list(Services& services, const std::vector<service::Subject>& recent) {
  std::vector<std::string> lines;
  for (const auto& subject : recent) lines.push_back(alert_line(subject, services));
  std::string title = recent.empty() ? std::string(services.texts.history_none)
                                     : fill(services.texts.history_title, {{"count", std::to_string(recent.size())}});
  const std::string precision =
      service::precision_text(services.hub.predictions().precision(), services.reader().words);
  if (!precision.empty()) title += "\n" + precision;
  InlineKeyboard keyboard{{alerts_button(std::string(services.texts.button_firing), "")}};
  return {{service::fit_lines(title, lines, kLinesUnitsMax, services.reader().words).html, std::move(keyboard), {}, {}},
          true};
}

// What happened to one incident, step by step.
Result<Reply> incident_life(Services& services, int64_t id) {
  auto& incidents = services.hub.incidents();
  MPS_TRY(const auto subject, incidents.find(id));
  MPS_TRY(const auto events, incidents.history(id));
  const Timestamp now = services.hub.clock().now();
  const service::Reader reader = services.reader();
  std::vector<std::string> lines{service::incident_text(subject, now, reader)};
  for (const auto& event : events) {
    lines.push_back(
        fmt::format("{} {}{}", service::clock_text(event.at, now, reader), reader.words.step(event.what),
                    event.who.empty() ? "" : " " + fill(services.texts.by, {{"who", escape_html(event.who)}})));
  }
  const std::string title = fill(services.texts.life_title, {{"id", std::to_string(id)}});
  return Reply{{service::fit_lines(title, lines, kLinesUnitsMax, services.reader().words).html, {}, {}, {}}, true};
}

// "", "history", "ID", "ack ID", "DURATION ID".
Result<Reply> show_alerts_or_fail(const Request& request, Services& services) {
  auto& incidents = services.hub.incidents();
  std::string rest = request.arguments;
  const std::string what = lower_case(take_word(rest));
  if (what == "history") {
    MPS_TRY(const auto recent, incidents.recent(kHistoryMax));
    return history_list(services, recent);
  }
  if (!what.empty() && rest.empty()) {
    MPS_TRY(const double id, parse_number(what));
    return incident_life(services, static_cast<int64_t>(id));
  }
  if (!what.empty()) {
    MPS_TRY(const double id, parse_number(rest));
    if (what == "ack") {
      MPS_TRY(const auto subject, incidents.acknowledge(static_cast<int64_t>(id), name_of(request.from)));
      note(request, services, service::Change::kAcknowledged, about(subject));
    } else {
      MPS_TRY(const Duration duration, parse_duration(what));
      const Timestamp until = services.hub.clock().now() + duration;
      MPS_TRY(const auto subject, incidents.snooze(static_cast<int64_t>(id), until, name_of(request.from)));
      note(request, services, service::Change::kSnoozed, about(subject));
    }
  }
  MPS_TRY(const auto open, incidents.open());
  return firing_list(services, open);
}

Replies show_alerts(const Request& request, Services& services) {
  const auto reply = show_alerts_or_fail(request, services);
  if (reply) return {*reply};
  return say(fill(services.texts.failure, {{"reason", reason_of(reply.error(), services.texts)}}));
}

Role role_for_alerts(const Request& request) {
  const bool looks = request.arguments.find(' ') == std::string::npos;  // "", "history", "ID"
  return looks ? Role::kViewer : Role::kOperator;
}

}  // namespace

const Screen kAlertsScreen{"alerts", &Texts::menu_alerts, Role::kViewer,      show_alerts,
                           nullptr,  role_for_alerts,     &Texts::help_alerts};

}  // namespace mps::telegram
