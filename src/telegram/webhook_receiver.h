#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "service/update_door.h"
#include "telegram/seen_updates.h"
#include "telegram/update.h"

namespace mps::telegram {

// Receives the updates that Telegram delivers (https://core.telegram.org/bots/api#setwebhook): the counterpart of
// Poller. The handler is called on a thread of this, once per update, in the order in which they came; it should hand
// long work to others. An update is written down as handled before the handler runs, so that a crash in the middle
// loses it rather than repeats what it did.
class WebhookReceiver final : public service::UpdateReceiver {
 public:
  using Handler = std::function<void(const Update&)>;
  static constexpr size_t kWaitingMax = 1000;  // beyond: Telegram is asked to try again
  static constexpr size_t kBytesMax = 1 << 20;

  // `hub` must outlive this.
  WebhookReceiver(service::Hub& hub, std::string secret, Handler handler);
  ~WebhookReceiver() override;  // what still waits is not answered: Telegram delivers it again

  // Thread-safe. The secret is compared in the same time wherever it differs, and before anything is read.
  void receive(std::string_view secret, std::string_view body, Done done) override;

 private:
  struct Waiting {
    Update update;
    Done done;
  };
  void run(std::stop_token stop);

  std::string secret_;
  Handler handler_;
  SeenUpdates seen_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Waiting> waiting_;
  std::jthread thread_;
};

// What Telegram is told to send along, so that we know it is Telegram: good for as long as the bot keeps its token.
std::string webhook_secret(std::string_view bot_token);

}  // namespace mps::telegram
