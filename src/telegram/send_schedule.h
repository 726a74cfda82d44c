#pragma once

#include <unordered_map>

#include "base/clock.h"
#include "telegram/types.h"

namespace mps::telegram {

struct Pace {  // on average one per `interval`, up to `burst` of them at once
  Duration interval;
  int burst;
};

struct SendLimits {
  // Of Telegram's FAQ: about 1/s in a chat, 20 a minute in a group, 30/s over all. Burst and rate together stay below.
  Pace chat{std::chrono::seconds(1), 3};
  Pace group{std::chrono::seconds(4), 5};
  Pace all{std::chrono::milliseconds(40), 5};
};

// Decides when the next message may go to a chat. No clock, no waiting: the caller says what time it is. Not
// thread-safe.
class SendSchedule {
 public:
  explicit SendSchedule(SendLimits limits = {}) : limits_(limits) {}

  // `now` when a message may go to `chat` now: it then counts as sent. Otherwise the time at which to ask again;
  // nothing has been counted.
  Timestamp acquire(ChatId chat, Timestamp now);

  // The same for what comes last: only where the chat, and all of them together, owe nothing, so that whatever else
  // there is to say finds the whole burst.
  Timestamp acquire_last(ChatId chat, Timestamp now);

  // Telegram said 429 to a message for `chat`: nothing goes there before `until`.
  void pause(ChatId chat, Timestamp until);

  // Chats that the schedule still knows anything about.
  size_t chats() const { return chats_.size(); }

 private:
  // The generic cell rate algorithm (ITU-T I.371): `due` is when the next one would come at the exact pace; up to
  // `burst` may come ahead of it.
  struct Cell {
    Timestamp due;
    Timestamp paused_until;
  };
  static Timestamp earliest(const Cell& cell, const Pace& pace);
  static void count(Cell& cell, const Pace& pace, Timestamp now);
  void count(ChatId chat, Timestamp now);
  const Pace& pace_of(ChatId chat) const { return is_group(chat) ? limits_.group : limits_.chat; }
  void forget_idle_chats(Timestamp now);

  SendLimits limits_;
  std::unordered_map<int64_t, Cell> chats_;
  Cell all_{};
  size_t sweep_size_ = 1024;
};

}  // namespace mps::telegram
