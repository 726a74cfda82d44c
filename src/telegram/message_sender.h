#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "telegram/bot_api.h"
#include "telegram/send_schedule.h"

namespace mps::telegram {

// Sends at the pace that Telegram allows, from many threads. A call blocks its thread while its chat has to wait; other
// chats go on.
class MessageSender {
 public:
  // `clock` must outlive this.
  MessageSender(BotApiOptions api, Clock& clock, SendLimits limits = {});

  // One attempt, as soon as the pace allows. A 429 holds the chat back for as long as Telegram said; while that is
  // longer than kPatience, this fails at once with kTooManyRequests and the rest of the wait.
  ApiResult<MessageId> send_once(const Destination& to, const MessageContent& content);
  // One attempt at an edit, likewise.
  ApiResult<> edit_once(ChatId chat, MessageId message, const MessageContent& content);
  // Up to four attempts where waiting helps (429, network, 5xx), some seconds apart; a group that moved is followed.
  ApiResult<MessageId> send(Destination to, const MessageContent& content);
  // One attempt at an edit that comes after everything else, and waits for nothing: kTooManyRequests, with how long,
  // where the chat has other things to hear first. Thread-safe like the others.
  ApiResult<> edit_last(ChatId chat, MessageId message, const MessageContent& content);
  // Puts `content` in the place of `message`; where that can't be done (deleted, too old, of another kind), sends it.
  // Returns the message that shows it then.
  ApiResult<MessageId> replace(Destination to, MessageId message, const MessageContent& content);
  // Not paced: presses must be answered at once, and Telegram does not count them.
  ApiResult<> answer(const std::string& query_id, const std::string& text = "");

  static constexpr Duration kPatience = std::chrono::seconds(5);

  // From now on every call fails with kStopped, those under way within a second.
  void stop();

 private:
  ApiResult<> wait_for_turn(ChatId chat);
  void note_failure(ChatId chat, const ApiError& error);
  template <class Call>
  auto with_api(Call call);
  template <class Attempt>
  auto patiently(ChatId& chat, Attempt attempt) -> decltype(attempt());

  BotApiOptions options_;
  Clock& clock_;
  std::atomic<bool> stopping_ = false;
  std::stop_source stop_source_;
  std::mutex mutex_;
  SendSchedule schedule_;
  std::vector<std::unique_ptr<BotApi>> idle_;  // connections that nobody uses just now
};

}  // namespace mps::telegram
