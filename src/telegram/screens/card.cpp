#include <fmt/format.h>

#include "base/text.h"
#include "telegram/html.h"
#include "telegram/reasons.h"
#include "telegram/screens/all.h"
#include "telegram/screens/common.h"

namespace mps::telegram {
namespace {

Result<std::string> press_card(const Request& request, Services& services) {
  std::string rest = request.arguments;
  const std::string what = take_word(rest);
  MPS_TRY(const double number, parse_number(rest));
  const auto card = static_cast<int64_t>(number);
  auto& incidents = services.hub.incidents();
  const std::string who = name_of(request.from);
  if (what == "ack") {
    MPS_TRY(const size_t count, incidents.acknowledge_card(card, who));
    note(request, services, service::Change::kAcknowledged, fmt::format("card {}: {}", card, count));
    return fill(services.texts.toast_acknowledged, {{"count", std::to_string(count)}});
  }
  const Timestamp now = services.hub.clock().now();
  Timestamp until = incidents.next_morning(static_cast<int64_t>(request.chat));
  if (what != "morning") {
    MPS_TRY(const Duration duration, parse_duration(what));
    until = now + duration;
  }
  MPS_TRY(const size_t count, incidents.snooze_card(card, until, who));
  note(request, services, service::Change::kSnoozed, fmt::format("card {}: {}", card, count));
  return fill(services.texts.toast_snoozed,
              {{"until", service::clock_text(until, now, services.reader())}, {"count", std::to_string(count)}});
}

// The buttons below a living message: "card ack ID", "card 1h ID", "card morning ID". The message itself follows by way
// of the outbox, in every chat that has one.
std::string act_on_card(const Request& request, Services& services) {
  const auto done = press_card(request, services);
  if (done) return *done;
  if (done.error().code == ErrorCode::kNotFound) return std::string(services.texts.toast_nothing_fires);
  return fill(services.texts.toast_failed, {{"reason", plain_reason_of(done.error(), services.texts)}});
}

Replies show_card(const Request&, Services& services) {
  return say(std::string(services.texts.help_names));
}

}  // namespace

const Screen kCardScreen{"card", nullptr, Role::kOperator, show_card, act_on_card};

}  // namespace mps::telegram
