#include "service/people.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/log.h"
#include "service/chat_move.h"

namespace mps::service {
namespace {

constexpr const char* kPairingCode = "pairing_code";
constexpr Duration kGuessWindow = std::chrono::minutes(10);
constexpr size_t kGuessesPerChatMax = 5;
constexpr size_t kGuessesMax = 20;

Person to_person(const catalog::Person& row) {
  return {row.user_id, row.name, find_role(row.role).value_or(Role::kViewer), row.joined_at, row.invited_by};
}

}  // namespace

People::People(catalog::Database& database, const Clock& clock)
    : database_(database),
      chats_(database),
      persons_(database),
      invites_(database),
      settings_(database),
      clock_(clock) {}

std::optional<std::string> People::pairing_code() {
  std::optional<std::string> code;
  const auto done = database_.transaction([&]() -> Result<void> {
    const auto all = persons();
    if (std::ranges::any_of(all, [](const Person& person) { return person.role == Role::kOwner; })) return {};
    MPS_TRY(code, settings_.get(kPairingCode));
    if (code) return {};
    code = random_token(9);
    return settings_.set(kPairingCode, *code);
  });
  if (done) return code;
  log::error("{}", done.error().message);
  return std::nullopt;
}

Result<NewInvite> People::invite(Role role, const std::string& invited_by) {
  if (role == Role::kOwner) return Error{ErrorCode::kInvalidArgument, "there is one owner; invite an admin"};
  const NewInvite made{random_token(12), clock_.now() + kInviteLasts};
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY_VOID(invites_.forget_expired(clock_.now()));
    MPS_TRY(const auto open, open_invites());
    if (open.size() >= kInvitesMax) {
      return Error{ErrorCode::kLimitExceeded,
                   fmt::format("{} invitations are open already; each ends after a day", open.size())};
    }
    return invites_.add({0, sha256_hex(made.code), std::string(name_of(role)), made.expires_at, invited_by});
  }));
  return made;
}

std::string People::link_of(std::string_view code) {
  const auto name = settings_.get(kBotName);
  if (!name || !*name) return fmt::format("/start {}", code);
  return fmt::format("https://t.me/{}?start={}", **name, code);
}

Result<void> People::withdraw_invites() {
  MPS_TRY(const auto open, open_invites());
  for (const auto& invite : open) MPS_TRY_VOID(invites_.remove(invite.id));
  return {};
}

bool People::too_many_guesses(int64_t chat_id) {
  while (!wrong_codes_.empty() && clock_.now() - wrong_codes_.front().first > kGuessWindow) wrong_codes_.pop_front();
  const auto here = std::count_if(wrong_codes_.begin(), wrong_codes_.end(),
                                  [&](const auto& guess) { return guess.second == chat_id; });
  return static_cast<size_t>(here) >= kGuessesPerChatMax || wrong_codes_.size() >= kGuessesMax;
}

Result<PairOutcome> People::pair(int64_t chat_id, int64_t user_id, const std::string& name, std::string_view code) {
  if (is_paired(chat_id, user_id)) return PairOutcome::kAlreadyPaired;
  const auto expected = pairing_code();  // made here where nobody has asked for it yet
  const std::lock_guard lock(guesses_mutex_);
  if (too_many_guesses(chat_id)) return PairOutcome::kSlowDown;
  std::optional<PairOutcome> outcome;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY(outcome, let_in(chat_id, user_id, name, code));
    return {};
  }));
  if (outcome) return *outcome;
  wrong_codes_.emplace_back(clock_.now(), chat_id);
  return PairOutcome::kWrongCode;
}

// Nothing where the code opens nothing.
Result<std::optional<PairOutcome>> People::let_in(int64_t chat_id, int64_t user_id, const std::string& name,
                                                  std::string_view code) {
  MPS_TRY(const auto known, persons_.find(user_id));
  const Timestamp now = clock_.now();
  const auto expected = pairing_code();
  if (expected && constant_time_equal(*expected, code)) {
    if (known) MPS_TRY_VOID(persons_.remove(user_id));
    MPS_TRY_VOID(add_person(chat_id, {user_id, name, std::string(name_of(Role::kOwner)), now, ""}));
    MPS_TRY_VOID(settings_.remove(kPairingCode));
    log::info("the Telegram user {} is the owner now", user_id);
    return std::optional(PairOutcome::kBecameOwner);
  }
  MPS_TRY(const auto invite, invites_.find(sha256_hex(code), now));
  if (!invite) return std::optional<PairOutcome>();
  MPS_TRY_VOID(invites_.remove(invite->id));
  if (known) return std::optional(PairOutcome::kAlreadyPaired);
  MPS_TRY_VOID(add_person(chat_id, {user_id, name, invite->role, now, invite->invited_by}));
  log::info("the Telegram user {} joined as {}", user_id, invite->role);
  return std::optional(PairOutcome::kJoined);
}

Result<void> People::add_person(int64_t chat_id, const catalog::Person& person) {
  MPS_TRY_VOID(persons_.add(person));
  MPS_TRY_VOID(chats_.remove(chat_id));  // it may be there as one that only gets messages
  MPS_TRY_VOID(chats_.add({chat_id, person.user_id, person.name, person.role, false, 0}, clock_.now()));
  ++version_;
  return {};
}

std::optional<Role> People::role_of(int64_t chat_id, int64_t user_id) const {
  const auto person = find(user_id);
  if (!person || (chat_id != user_id && !knows_chat(chat_id))) return std::nullopt;
  return person->role;
}

std::optional<Person> People::find(int64_t user_id) const {
  if (user_id == 0) return std::nullopt;
  const auto found = persons_.find(user_id);
  if (!found) log::error("{}", found.error().message);
  if (!found || !*found) return std::nullopt;
  return to_person(**found);
}

std::vector<Person> People::persons() const {
  std::vector<Person> persons;
  const auto rows = persons_.list();
  if (!rows) log::error("{}", rows.error().message);
  if (rows) std::ranges::transform(*rows, std::back_inserter(persons), to_person);
  return persons;
}

Result<Person> People::find_subordinate(int64_t user_id) const {
  MPS_TRY(const auto found, persons_.find(user_id));
  if (!found) return Error{ErrorCode::kNotFound, fmt::format("nobody here has the number {}", user_id)};
  const Person person = to_person(*found);
  if (person.role == Role::kOwner) return Error{ErrorCode::kInvalidArgument, "the owner stays the owner"};
  return person;
}

Result<Person> People::set_role(int64_t user_id, Role role) {
  if (role == Role::kOwner) return Error{ErrorCode::kInvalidArgument, "there is one owner; make them an admin"};
  MPS_TRY(Person person, find_subordinate(user_id));
  MPS_TRY_VOID(persons_.set_role(user_id, std::string(name_of(role))));
  ++version_;
  person.role = role;
  return person;
}

Result<Person> People::remove(int64_t user_id) {
  Person person;
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY(person, find_subordinate(user_id));
    MPS_TRY_VOID(persons_.remove(user_id));
    return chats_.remove(user_id);
  }));
  ++version_;
  return person;
}

std::vector<int64_t> People::alert_chats() const {
  std::vector<int64_t> ids;
  for (const catalog::Chat& chat : chats()) {
    if (!chat.gone && chat.level == 0) ids.push_back(chat.chat_id);
  }
  return ids;
}

std::vector<catalog::Chat> People::chats() const {
  const auto chats = chats_.list();
  if (!chats) log::error("{}", chats.error().message);
  return chats ? *chats : std::vector<catalog::Chat>();
}

bool People::knows_chat(int64_t chat_id) const {
  return find_chat(chat_id).has_value();
}

Result<catalog::Chat> People::find_chat(int64_t chat_id) const {
  MPS_TRY(const auto chats, chats_.list());
  const auto found = std::find_if(chats.begin(), chats.end(), [&](const auto& c) { return c.chat_id == chat_id; });
  if (found != chats.end()) return *found;
  return Error{ErrorCode::kNotFound, fmt::format("there is no chat {}; 'chat list' shows them", chat_id)};
}

Result<void> People::add_chat(int64_t chat_id, int64_t user_id, const std::string& name, int64_t level) {
  if (chat_id == 0 || level < 0 || level > 100)
    return Error{ErrorCode::kInvalidArgument, "a chat has a number that is not 0, and a level from 0 to 100"};
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    if (find_chat(chat_id)) return Error{ErrorCode::kAlreadyExists, fmt::format("chat {} is there already", chat_id)};
    const Timestamp now = clock_.now();
    MPS_TRY(const auto known, persons_.find(user_id));
    if (user_id != 0 && !known)
      MPS_TRY_VOID(persons_.add({user_id, name, std::string(name_of(Role::kAdmin)), now, ""}));
    return chats_.add({chat_id, user_id, name, "member", false, level}, now);
  }));
  ++version_;
  return {};
}

Result<void> People::set_level(int64_t chat_id, int64_t level) {
  if (level < 0 || level > 100) return Error{ErrorCode::kInvalidArgument, "a level is from 0 to 100"};
  MPS_TRY_VOID(find_chat(chat_id));
  return chats_.set_level(chat_id, level);
}

Result<void> People::remove_chat(int64_t chat_id) {
  MPS_TRY_VOID(database_.transaction([&]() -> Result<void> {
    MPS_TRY_VOID(find_chat(chat_id));
    MPS_TRY(const auto person, persons_.find(chat_id));
    if (person && person->role == name_of(Role::kOwner))
      return Error{ErrorCode::kInvalidArgument, "the owner's chat can't be removed"};
    if (person) MPS_TRY_VOID(persons_.remove(chat_id));
    return chats_.remove(chat_id);
  }));
  ++version_;
  return {};
}

Result<void> People::move_chat(int64_t from, int64_t to) {
  MPS_TRY_VOID(find_chat(from));
  MPS_TRY_VOID(service::move_chat(database_, from, to, clock_.now()));
  ++version_;
  return {};
}

void People::mark(int64_t chat_id, bool gone) {
  if (const auto marked = chats_.set_gone(chat_id, gone); !marked) log::error("{}", marked.error().message);
}

void People::mark_gone(int64_t chat_id) {
  mark(chat_id, true);
}

void People::mark_alive(int64_t chat_id) {
  mark(chat_id, false);
}

}  // namespace mps::service
