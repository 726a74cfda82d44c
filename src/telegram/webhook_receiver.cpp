#include "telegram/webhook_receiver.h"

#include <boost/json.hpp>

#include "base/crypto.h"

namespace mps::telegram {
namespace {

namespace json = boost::json;

// Nothing where it is no JSON object.
std::optional<Update> read_update(std::string_view body) {
  json::error_code failure;
  const json::value value = json::parse(body, failure);
  if (failure || !value.is_object()) return std::nullopt;
  auto updates = parse_updates(json::array{value});
  if (updates.empty()) return std::nullopt;
  return std::move(updates.front());
}

}  // namespace

std::string webhook_secret(std::string_view bot_token) {
  return hmac_sha256_hex(bot_token, "webhook");
}

WebhookReceiver::WebhookReceiver(service::Hub& hub, std::string secret, Handler handler)
    : secret_(std::move(secret)),
      handler_(std::move(handler)),
      seen_(hub),
      thread_([this](std::stop_token stop) { run(stop); }) {}

WebhookReceiver::~WebhookReceiver() {
  thread_.request_stop();
  thread_.join();
}

void WebhookReceiver::receive(std::string_view secret, std::string_view body, Done done) {
  if (!constant_time_equal(secret_, secret)) return done(service::UpdateTaken::kForbidden);
  auto update = body.size() <= kBytesMax ? read_update(body) : std::nullopt;
  if (!update) return done(service::UpdateTaken::kUnreadable);
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kWaitingMax) {
      waiting_.push_back({std::move(*update), std::move(done)});
      changed_.notify_one();
      return;
    }
  }
  done(service::UpdateTaken::kNotNow);
}

void WebhookReceiver::run(std::stop_token stop) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); }) || stop.stop_requested()) return;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const bool is_new = seen_.take(next.update.id);
    next.done(service::UpdateTaken::kYes);
    if (is_new) handler_(next.update);
  }
}

}  // namespace mps::telegram
