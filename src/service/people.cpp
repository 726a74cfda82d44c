#include "service/people.h"

#include <algorithm>
#include <fmt/format.h>

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
  const auto is_owner = [](const catalog::Chat& chat) { return chat.role == "owner"; };
  if (!chats || std::any_of(chats->begin(), chats->end(), is_owner)) return std::nullopt;
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
  MPS_TRY_VOID(chats_.remove(chat_id));  // it may be there as one that only gets messages
  MPS_TRY_VOID(chats_.add({chat_id, user_id, user_name, "owner", false, 0}, clock_.now()));
  MPS_TRY_VOID(settings_.remove(kPairingCode));
  log::info("the Telegram user {} is the owner now", user_id);
  return PairOutcome::kBecameOwner;
}

std::optional<Role> People::role_of(int64_t chat_id, int64_t user_id) const {
  const std::lock_guard lock(mutex_);
  const auto chats = chats_.list();
  if (!chats || user_id == 0) return std::nullopt;
  const auto found = std::find_if(chats->begin(), chats->end(), [&](const catalog::Chat& chat) {
    return chat.chat_id == chat_id && chat.user_id == user_id;
  });
  if (found == chats->end()) return std::nullopt;
  return found->role == name_of(Role::kOwner) ? Role::kOwner : Role::kAdmin;
}

std::vector<int64_t> People::alert_chats() const {
  const std::lock_guard lock(mutex_);
  std::vector<int64_t> ids;
  if (const auto chats = chats_.list()) {
    for (const catalog::Chat& chat : *chats) {
      if (!chat.gone && chat.level == 0) ids.push_back(chat.chat_id);
    }
  }
  return ids;
}

std::vector<catalog::Chat> People::chats() const {
  const std::lock_guard lock(mutex_);
  const auto chats = chats_.list();
  return chats ? *chats : std::vector<catalog::Chat>();
}

Result<catalog::Chat> People::find_locked(int64_t chat_id) const {
  MPS_TRY(const auto chats, chats_.list());
  const auto found = std::find_if(chats.begin(), chats.end(), [&](const auto& c) { return c.chat_id == chat_id; });
  if (found != chats.end()) return *found;
  return Error{ErrorCode::kNotFound, fmt::format("there is no chat {}; 'chat list' shows them", chat_id)};
}

Result<void> People::add_chat(int64_t chat_id, int64_t user_id, const std::string& name, int64_t level) {
  const std::lock_guard lock(mutex_);
  if (chat_id == 0 || level < 0 || level > 100)
    return Error{ErrorCode::kInvalidArgument, "a chat has a number that is not 0, and a level from 0 to 100"};
  if (find_locked(chat_id)) return Error{ErrorCode::kAlreadyExists, fmt::format("chat {} is there already", chat_id)};
  return chats_.add({chat_id, user_id, name, "member", false, level}, clock_.now());
}

Result<void> People::set_level(int64_t chat_id, int64_t level) {
  const std::lock_guard lock(mutex_);
  if (level < 0 || level > 100) return Error{ErrorCode::kInvalidArgument, "a level is from 0 to 100"};
  MPS_TRY_VOID(find_locked(chat_id));
  return chats_.set_level(chat_id, level);
}

Result<void> People::remove_chat(int64_t chat_id) {
  const std::lock_guard lock(mutex_);
  MPS_TRY(const catalog::Chat chat, find_locked(chat_id));
  if (chat.role == "owner") return Error{ErrorCode::kInvalidArgument, "the owner's chat can't be removed"};
  return chats_.remove(chat_id);
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
