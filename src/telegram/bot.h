#pragma once

#include <memory>
#include <optional>
#include <string>

#include "service/hub.h"
#include "service/notifier.h"

namespace mps::telegram {

struct BotOptions {
  std::string token;
  std::string api_url = "https://api.telegram.org";
  std::string hub_url = "http://127.0.0.1:8080";  // where agents reach the gateway: it stands in what /connect answers
  size_t workers = 4;                             // chats that are answered at the same time
  std::string version = "";                       // of the hub, for /about
  std::string webhook_url = "";  // where Telegram reaches the gateway's kUpdatePath; "": it is asked for updates
};

// The bot as a whole: receives updates, answers them with the screens, and carries the outbox's messages.
//
// Made and taken down by app/. Order: make the bot, hub.start(&bot), run, hub.stop(), let the bot go; this takes about
// a second at most, even in the middle of a long poll.
class Bot final : public service::Notifier {
 public:
  // Starts at once, on threads of its own; neither a wrong token nor an unreachable Telegram is fatal: the hub works
  // on, and the log says what is wrong. Once Telegram answers, the menu of commands is set and, while nobody is
  // paired, the pairing link goes to the log. `hub` must outlive this.
  Bot(BotOptions options, service::Hub& hub);
  ~Bot() override;

  // One attempt (the outbox has its own patience), as soon as the pace allows. Thread-safe.
  boost::system::result<service::Delivered, service::DeliveryFailure> deliver(
      const service::OutgoingMessage& message) override;

  // What keeps the bot from receiving, for /health; nothing while all is well. Thread-safe.
  std::optional<std::string> problem() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace mps::telegram
