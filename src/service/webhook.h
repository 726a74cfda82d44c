#pragma once

#include <atomic>
#include <string>

#include "base/http_client.h"
#include "service/alert_text.h"
#include "service/notifier.h"

namespace mps::service {

struct WebhookOptions {
  std::string url;     // "": none
  std::string secret;  // "": not signed
};

// What a webhook gets: {"event": "fired", "at": ..., "incident": {...}}. `what`: "fired", "repeated", "acknowledged",
// "snoozed", "resolved".
std::string webhook_body(const Subject& subject, const std::string& what, bool is_silenced, Timestamp now);

// Posts the outbox's rows for people who have other systems. Headers: X-MPS-Delivery is the number of the row, the same
// each time that it is tried; X-MPS-Signature is "sha256=" and the hex HMAC-SHA256 of the body under the secret. A 2xx
// is taken for a yes; 408, 425, 429 and 5xx are tried again later, any other answer is final. For one thread.
class WebhookNotifier final : public Notifier {
 public:
  explicit WebhookNotifier(WebhookOptions options) : options_(std::move(options)) {}

  boost::system::result<Delivered, DeliveryFailure> deliver(const OutgoingMessage& message) override;
  // From another thread: what is under way ends within a second.
  void stop() { stopping_ = true; }

 private:
  WebhookOptions options_;
  HttpClient http_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace mps::service
