#include "service/people.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/log.h"

namespace mps::service {
namespace {

constexpr const char* kPairingCode = "pairing_code";
constexpr Duration kGuessWindow = std::chrono::minutes(10);
constexpr size_t kGuessesPerChatMax = 5;
constexpr size_t kGuessesMax = 20;

}  // namespace

People::People(catalog::Database& database, const Clock& clock)
    : chats_(database), settings_(database), clock_(clock) {}

std::optional<std::string> People::pairing_code() {
  const std::lock_guard lock(mutex_);
  const auto chats = chats_.list();
  if (!chats || !chats->empty()) return std::nullopt;
  if (const auto known = settings_.get(kPairingCode); known && *known) return **known;
  const std::string code = random_token(9);
  if (const auto kept = settings_.set(kPairingCode, code); !kept) {
    log::error("{}", kept.error().message);
    return std::nullopt;
  }
  return code;
}

bool People::too_many_guesses(int64_t chat_id) {
  while (!wrong_codes_.empty() && clock_.now() - wrong_codes_.front().first > kGuessWindow) wrong_codes_.pop_front();
  const auto here = std::count_if(wrong_codes_.begin(), wrong_codes_.end(),
                                  [&](const auto& guess) { return guess.second == chat_id; });
  return static_cast<size_t>(here) >= kGuessesPerChatMax || wrong_codes_.size() >= kGuessesMax;
}

Result<PairOutcome> People::pair(int64_t chat_id, int64_t user_id, const std::string& user_name,
                                 std::string_view code) {
  if (is_paired(chat_id, user_id)) return PairOutcome::kAlreadyPaired;
  const auto expected = pairing_code();
  const std::lock_guard lock(mutex_);
  if (too_many_guesses(chat_id)) return PairOutcome::kSlowDown;
  if (!expected || !constant_time_equal(*expected, code)) {
    wrong_codes_.emplace_back(clock_.now(), chat_id);
    return PairOutcome::kWrongCode;
  }
  MPS_TRY_VOID(chats_.add({chat_id, user_id, user_name, "owner", false}, clock_.now()));
  MPS_TRY_VOID(settings_.remove(kPairingCode));
  log::info("the Telegram user {} is the owner now", user_id);
  return PairOutcome::kBecameOwner;
}

bool People::is_paired(int64_t chat_id, int64_t user_id) const {
  const std::lock_guard lock(mutex_);
  const auto chats = chats_.list();
  return chats && std::any_of(chats->begin(), chats->end(), [&](const catalog::Chat& chat) {
           return chat.chat_id == chat_id && chat.user_id == user_id;
         });
}

std::vector<int64_t> People::alert_chats() const {
  const std::lock_guard lock(mutex_);
  std::vector<int64_t> ids;
  if (const auto chats = chats_.list()) {
    for (const catalog::Chat& chat : *chats) {
      if (!chat.gone) ids.push_back(chat.chat_id);
    }
  }
  return ids;
}

void People::mark_gone(int64_t chat_id) {
  const std::lock_guard lock(mutex_);
  if (const auto marked = chats_.set_gone(chat_id, true); !marked) log::error("{}", marked.error().message);
}

void People::mark_alive(int64_t chat_id) {
  const std::lock_guard lock(mutex_);
  if (const auto marked = chats_.set_gone(chat_id, false); !marked) log::error("{}", marked.error().message);
}

}  // namespace mps::service
