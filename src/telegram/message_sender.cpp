#include "telegram/message_sender.h"

#include <algorithm>

#include "base/log.h"

namespace mps::telegram {
namespace {

constexpr int kAttempts = 4;
constexpr Duration kRetryAfterMax = std::chrono::minutes(1);  // nobody waits longer for an answer

bool waiting_helps(const ApiError& error) {
  return error.kind == ApiErrorKind::kUnreachable || error.kind == ApiErrorKind::kTooManyRequests;
}

ApiError held_back(Duration wait) {
  return {ApiErrorKind::kTooManyRequests, 0, "Telegram holds this chat back for now", wait, {}};
}

ApiError stopped() {
  return {ApiErrorKind::kStopped, 0, "shutting down", {}, {}};
}

}  // namespace

MessageSender::MessageSender(BotApiOptions api, Clock& clock, SendLimits limits)
    : options_(std::move(api)), clock_(clock), schedule_(limits) {}

void MessageSender::stop() {
  stopping_ = true;
  stop_source_.request_stop();
}

// Calls with a connection of its own: a BotApi makes one call at a time.
template <class Call>
auto MessageSender::with_api(Call call) {
  std::unique_ptr<BotApi> api;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      api = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!api) api = std::make_unique<BotApi>(options_, &stopping_);
  auto result = call(*api);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(api));
  return result;
}

ApiResult<> MessageSender::wait_for_turn(ChatId chat) {
  while (!stopping_) {
    const Timestamp now = clock_.now();
    Timestamp when;
    {
      const std::lock_guard lock(mutex_);
      when = schedule_.acquire(chat, now);
    }
    if (when == now) return {};
    if (when - now > kPatience) return held_back(when - now);
    clock_.sleep_until(when, stop_source_.get_token());
  }
  return stopped();
}

void MessageSender::note_failure(ChatId chat, const ApiError& error) {
  if (error.kind != ApiErrorKind::kTooManyRequests || !error.retry_after) return;
  const std::lock_guard lock(mutex_);
  schedule_.pause(chat, clock_.now() + *error.retry_after);
}

ApiResult<MessageId> MessageSender::send_once(const Destination& to, const MessageContent& content) {
  MPS_TRY_VOID(wait_for_turn(to.chat));
  const auto sent = with_api([&](BotApi& api) { return api.send(to, content); });
  if (!sent) note_failure(to.chat, sent.error());
  return sent;
}

ApiResult<> MessageSender::edit_once(ChatId chat, MessageId message, const MessageContent& content) {
  MPS_TRY_VOID(wait_for_turn(chat));
  const auto done = with_api([&](BotApi& api) { return api.edit(chat, message, content); });
  if (!done) note_failure(chat, done.error());
  return done;
}

ApiResult<> MessageSender::edit_last(ChatId chat, MessageId message, const MessageContent& content) {
  if (stopping_) return stopped();
  const Timestamp now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    const Timestamp when = schedule_.acquire_last(chat, now);
    if (when > now) return held_back(when - now);
  }
  const auto done = with_api([&](BotApi& api) { return api.edit(chat, message, content); });
  if (!done) note_failure(chat, done.error());
  return done;
}

template <class Attempt>
auto MessageSender::patiently(ChatId& chat, Attempt attempt) -> decltype(attempt()) {
  auto result = attempt();
  for (int i = 1; i < kAttempts && !result; ++i) {
    const ApiError& error = result.error();
    if (error.migrate_to) {
      chat = *error.migrate_to;
    } else if (!waiting_helps(error) || error.retry_after.value_or(Duration::zero()) > kRetryAfterMax) {
      break;
    } else if (!clock_.sleep_for(error.retry_after.value_or(std::chrono::seconds(1 << (i - 1))),
                                 stop_source_.get_token())) {
      break;
    }
    result = attempt();
  }
  return result;
}

ApiResult<MessageId> MessageSender::send(Destination to, const MessageContent& content) {
  return patiently(to.chat, [&] { return send_once(to, content); });
}

ApiResult<MessageId> MessageSender::replace(Destination to, MessageId message, const MessageContent& content) {
  const auto edited = patiently(to.chat, [&] { return edit_once(to.chat, message, content); });
  if (edited) return message;
  if (edited.error().kind != ApiErrorKind::kMessageGone) return edited.error();
  return send(to, content);
}

ApiResult<> MessageSender::answer(const std::string& query_id, const std::string& text) {
  return with_api([&](BotApi& api) { return api.answer_callback_query(query_id, text); });
}

}  // namespace mps::telegram
