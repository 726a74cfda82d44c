#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace mps::service {

struct MessageButton {
  std::string text;
  std::string action;  // "COMMAND ARGUMENTS", at most 55 bytes, as the receiver's screens understand it
};

struct OutgoingFile {
  std::string name;
  std::string content_type;
  std::string content;
};

// One message of the outbox, on its way to one chat.
struct OutgoingMessage {
  int64_t id = 0;  // of the outbox row: the idempotency key
  int64_t chat_id = 0;
  std::string html;                 // Telegram's HTML subset, already escaped, within kTextUnitsMax or kCaptionUnitsMax
  std::optional<int64_t> reply_to;  // message id in that chat
  std::vector<std::vector<MessageButton>> buttons = {};  // rows of them
  std::optional<OutgoingFile> picture = {};              // at most one of picture and document; html is its caption
  std::optional<OutgoingFile> document = {};
  std::optional<int64_t> edits = {};  // no new message: it takes the place of this one
  int64_t thread_id = 0;              // of a new message: the topic of the group that it goes to, 0 for none
  bool edits_picture = false;         // that one is a picture, which stays where there is no new one
};

// What Telegram takes, in UTF-16 units of what a reader sees.
inline constexpr size_t kTextUnitsMax = 4096;
inline constexpr size_t kCaptionUnitsMax = 1024;

struct Delivered {
  int64_t message_id = 0;  // what the receiver calls it, for replies and edits
};

struct DeliveryFailure {
  enum class Kind {
    kRetry,        // network, 5xx, 429: try again, not before `retry_after`
    kChatGone,     // blocked, kicked, deleted: stop sending to this chat
    kChatMoved,    // it is `moved_to` now: say it again there
    kRejected,     // this message will never be taken: drop it and say so
    kMessageGone,  // the message to edit was deleted, or is too old: there is nothing left to do
  };
  Kind kind = Kind::kRetry;
  std::string message;
  Duration retry_after{};
  int64_t moved_to = 0;
};

// Called by Boost when value() is asked of a failed delivery: that is our bug.
[[noreturn]] inline void throw_exception_from_error(const DeliveryFailure& failure, const boost::source_location&) {
  throw std::logic_error("value() of a failed delivery: " + failure.message);
}

// The way out to people. Implemented by telegram/.
class Notifier {
 public:
  virtual ~Notifier() = default;
  // Blocks until the message is accepted, or has failed. Called from one thread at a time.
  virtual boost::system::result<Delivered, DeliveryFailure> deliver(const OutgoingMessage& message) = 0;
};

}  // namespace mps::service
