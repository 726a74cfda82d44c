#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "telegram/bot_api.h"

namespace mps::telegram {

// Tells Telegram where to deliver updates, again and again until it knows, and looks every few minutes whether it still
// does: another program with the same token may have taken the webhook away. On a thread of its own, for as long as it
// lives. At the end the webhook stays: what comes meanwhile waits at Telegram for a day.
class WebhookKeeper {
 public:
  static constexpr Duration kTryAgainAfter = std::chrono::seconds(5);
  static constexpr Duration kLookEvery = std::chrono::minutes(5);

  // `clock` must outlive this.
  WebhookKeeper(BotApiOptions api, std::string url, std::string secret, Clock& clock);
  ~WebhookKeeper();
  WebhookKeeper(const WebhookKeeper&) = delete;
  WebhookKeeper& operator=(const WebhookKeeper&) = delete;

  // What keeps updates from coming; nothing while all is well. Thread-safe.
  std::optional<std::string> problem() const;

 private:
  void run(std::stop_token stop);
  ApiResult<> look();
  void note(const std::optional<std::string>& problem);

  std::string url_, secret_;
  Clock& clock_;
  std::atomic<bool> stopping_ = false;
  BotApi api_;
  mutable std::mutex mutex_;
  std::optional<std::string> problem_;
  std::jthread thread_;
};

}  // namespace mps::telegram
