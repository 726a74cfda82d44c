#include "telegram/webhook_keeper.h"

#include "base/log.h"

namespace mps::telegram {

WebhookKeeper::WebhookKeeper(BotApiOptions api, std::string url, std::string secret, Clock& clock)
    : url_(std::move(url)),
      secret_(std::move(secret)),
      clock_(clock),
      api_(std::move(api), &stopping_),
      thread_([this](std::stop_token stop) { run(stop); }) {}

WebhookKeeper::~WebhookKeeper() {
  stopping_ = true;
  thread_.request_stop();
  thread_.join();
}

std::optional<std::string> WebhookKeeper::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

// The secret can't be asked for: it is told once more at every start.
void WebhookKeeper::run(std::stop_token stop) {
  bool is_told = false;
  for (;;) {
    const auto done = is_told ? look() : api_.set_webhook(url_, secret_);
    is_told = is_told || done.has_value();
    if (!done && done.error().kind == ApiErrorKind::kStopped) return;
    if (!done) note(done.error().description);
    const Duration wait = done ? kLookEvery : std::max(kTryAgainAfter, done.error().retry_after.value_or(Duration()));
    if (done && problem()) note(std::nullopt);
    if (!clock_.sleep_for(wait, stop)) return;
  }
}

// Fails where updates do not come, with why.
ApiResult<> WebhookKeeper::look() {
  const auto info = api_.get_webhook_info();
  if (!info) return info.error();
  if (info->url != url_) {
    log::warn("Telegram: somebody took the webhook away; it is set again.");
    return api_.set_webhook(url_, secret_);
  }
  if (info->waiting == 0 || info->last_error.empty()) return {};
  return ApiError{ApiErrorKind::kUnreachable, 0, "Telegram can't deliver to " + url_ + ": " + info->last_error, {}, {}};
}

void WebhookKeeper::note(const std::optional<std::string>& problem) {
  const std::lock_guard lock(mutex_);
  if (problem && problem != problem_) log::warn("Telegram: {}. Trying again until it works.", *problem);
  if (!problem && problem_) log::info("Telegram delivers again.");
  problem_ = problem;
}

}  // namespace mps::telegram
