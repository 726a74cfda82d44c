#include "service/webhook.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/text.h"

namespace mps::service {
namespace {

namespace json = boost::json;

constexpr Duration kWebhookTimeout = std::chrono::seconds(10);

json::value time_or_null(const std::optional<Timestamp>& time) {
  if (!time) return nullptr;
  return json::string(format_rfc3339(*time));
}

std::string_view state_of_incident(const catalog::Incident& incident) {
  if (incident.resolved_at) return "resolved";
  return incident.acknowledged_at ? "acknowledged" : "firing";
}

Duration retry_after_of(const HttpResponse& response) {
  const auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return {};
  const auto asked_for = parse_number(header->second);
  if (!asked_for || *asked_for < 0 || *asked_for > 86'400) return {};
  return std::chrono::seconds(static_cast<int64_t>(*asked_for));
}

bool may_change_its_mind(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

}  // namespace

std::string webhook_body(const Subject& subject, const std::string& what, bool is_silenced, Timestamp now) {
  const catalog::Incident& incident = subject.incident;
  return json::serialize(json::object{{"event", what},
                                      {"at", format_rfc3339(now)},
                                      {"silenced", is_silenced},
                                      {"incident",
                                       {{"id", incident.id},
                                        {"state", state_of_incident(incident)},
                                        {"kind", incident.kind},
                                        {"severity", incident.severity},
                                        {"server", valid_utf8(subject.server)},
                                        {"resource", incident.resource},
                                        {"instance", valid_utf8(incident.instance)},
                                        {"threshold", incident.threshold},
                                        {"below", incident.below},
                                        {"value", incident.value},
                                        {"peak", incident.peak},
                                        {"breached_at", format_rfc3339(incident.breached_at)},
                                        {"fired_at", format_rfc3339(incident.fired_at)},
                                        {"expected_at", time_or_null(incident.expected_at)},
                                        {"acknowledged_at", time_or_null(incident.acknowledged_at)},
                                        {"acknowledged_by", valid_utf8(incident.acknowledged_by)},
                                        {"snoozed_until", time_or_null(incident.snoozed_until)},
                                        {"flapping", incident.flapping},
                                        {"resolved_at", time_or_null(incident.resolved_at)}}}});
}

boost::system::result<Delivered, DeliveryFailure> WebhookNotifier::deliver(const OutgoingMessage& message) {
  using Kind = DeliveryFailure::Kind;
  HttpRequest request;
  request.method = "POST";
  request.url = options_.url;
  request.timeout = kWebhookTimeout;
  request.body = message.html;
  request.headers = {{"Content-Type", "application/json"}, {"X-MPS-Delivery", std::to_string(message.id)}};
  if (!options_.secret.empty())
    request.headers["X-MPS-Signature"] = "sha256=" + hmac_sha256_hex(options_.secret, request.body);
  const auto response = http_.send(request, &stopping_);
  if (!response) return DeliveryFailure{Kind::kRetry, response.error().message, {}};
  if (response->status >= 200 && response->status < 300) return Delivered{message.id};
  return DeliveryFailure{may_change_its_mind(response->status) ? Kind::kRetry : Kind::kRejected,
                         fmt::format("the webhook answered {}", response->status), retry_after_of(*response)};
}

}  // namespace mps::service
