#include "telegram/send_schedule.h"

#include <algorithm>

namespace mps::telegram {

Timestamp SendSchedule::earliest(const Cell& cell, const Pace& pace) {
  return std::max(cell.due - pace.interval * (pace.burst - 1), cell.paused_until);
}

void SendSchedule::count(Cell& cell, const Pace& pace, Timestamp now) {
  cell.due = std::max(cell.due, now) + pace.interval;
}

Timestamp SendSchedule::acquire(ChatId chat, Timestamp now) {
  forget_idle_chats(now);
  const Cell& cell = chats_[static_cast<int64_t>(chat)];
  const Timestamp when = std::max(earliest(cell, pace_of(chat)), earliest(all_, limits_.all));
  if (when > now) return when;
  count(chat, now);
  return now;
}

Timestamp SendSchedule::acquire_last(ChatId chat, Timestamp now) {
  forget_idle_chats(now);
  const Cell& cell = chats_[static_cast<int64_t>(chat)];
  const Timestamp when = std::max({cell.due, cell.paused_until, all_.due, all_.paused_until});
  if (when > now) return when;
  count(chat, now);
  return now;
}

void SendSchedule::count(ChatId chat, Timestamp now) {
  count(chats_[static_cast<int64_t>(chat)], pace_of(chat), now);
  count(all_, limits_.all, now);
}

void SendSchedule::pause(ChatId chat, Timestamp until) {
  Cell& cell = chats_[static_cast<int64_t>(chat)];
  cell.paused_until = std::max(cell.paused_until, until);
}

void SendSchedule::forget_idle_chats(Timestamp now) {
  if (chats_.size() < sweep_size_) return;
  std::erase_if(chats_,
                [now](const auto& entry) { return entry.second.due <= now && entry.second.paused_until <= now; });
  sweep_size_ = std::max<size_t>(1024, 2 * chats_.size());
}

}  // namespace mps::telegram
