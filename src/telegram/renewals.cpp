#include "telegram/renewals.h"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

#include "base/log.h"

namespace mps::telegram {
namespace {

constexpr const char* kRenewalsKey = "telegram.renewals";
constexpr Duration kLookEvery = std::chrono::seconds(1);

std::string renewal_line(const Renewal& renewal) {
  return fmt::format("{} {} {} {} {} {} {}\n", static_cast<int64_t>(renewal.to.chat), renewal.to.thread_id,
                     static_cast<int64_t>(renewal.message), static_cast<int64_t>(renewal.user),
                     renewal.begun_at.time_since_epoch().count(), renewal.command, renewal.arguments);
}

std::optional<Renewal> read_renewal(const std::string& line) {
  std::istringstream in(line);
  int64_t chat = 0, message = 0, user = 0, begun_at = 0;
  Renewal renewal;
  if (!(in >> chat >> renewal.to.thread_id >> message >> user >> begun_at >> renewal.command)) return std::nullopt;
  std::getline(in >> std::ws, renewal.arguments);
  renewal.to.chat = ChatId(chat);
  renewal.message = MessageId(message);
  renewal.user = UserId(user);
  renewal.begun_at = Timestamp(Duration(begun_at));
  return renewal;
}

bool is_hopeless(const ApiError& error) {
  return error.kind != ApiErrorKind::kUnreachable && error.kind != ApiErrorKind::kTooManyRequests &&
         error.kind != ApiErrorKind::kStopped;
}

}  // namespace

Renewals::Key Renewals::key_of(const Renewal& renewal) {
  return {static_cast<int64_t>(renewal.to.chat), static_cast<int64_t>(renewal.message)};
}

Renewals::Renewals(service::Hub& hub, Kept kept) : hub_(hub), kept_(kept) {
  if (kept_ == Kept::kInCatalog) load();
}

void Renewals::load() {
  const auto stored = hub_.settings().get(kRenewalsKey);
  if (!stored || !*stored) return;
  std::istringstream lines(**stored);
  for (std::string line; std::getline(lines, line);) {
    if (const auto renewal = read_renewal(line))
      entries_[key_of(*renewal)] = {*renewal, hub_.clock().now(), false, ++generation_};
  }
}

Result<void> Renewals::save_locked() {
  if (kept_ == Kept::kInMemory) return {};
  std::string lines;
  for (const auto& [key, entry] : entries_) lines += renewal_line(entry.renewal);
  return hub_.settings().set(kRenewalsKey, lines);
}

bool Renewals::has_room(ChatId chat, std::string_view command) const {
  const std::lock_guard lock(mutex_);
  const auto here = std::count_if(entries_.begin(), entries_.end(), [&](const auto& item) {
    return item.second.renewal.to.chat == chat && item.second.renewal.command == command;
  });
  return static_cast<size_t>(here) < kPerChatMax && entries_.size() < kMax;
}

size_t Renewals::running() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

Result<void> Renewals::begin(const Renewal& renewal, Duration first) {
  const std::lock_guard lock(mutex_);
  entries_[key_of(renewal)] = {renewal, hub_.clock().now() + first, false, ++generation_};
  return save_locked();
}

bool Renewals::end(ChatId chat, MessageId message) {
  const std::lock_guard lock(mutex_);
  if (entries_.erase({static_cast<int64_t>(chat), static_cast<int64_t>(message)}) == 0) return false;
  if (const auto saved = save_locked(); !saved) log::warn("Telegram: {}", saved.error().message);
  return true;
}

Timestamp Renewals::next_due() const {
  Timestamp next = hub_.clock().now() + kLookEvery;
  const std::lock_guard lock(mutex_);
  for (const auto& [key, entry] : entries_) {
    if (!entry.under_way) next = std::min(next, entry.next);
  }
  return next;
}

std::vector<Renewals::Entry> Renewals::take_due() {
  const Timestamp now = hub_.clock().now();
  std::vector<Entry> due;
  const std::lock_guard lock(mutex_);
  for (auto& [key, entry] : entries_) {
    if (entry.under_way || entry.next > now) continue;
    due.push_back(entry);
    entry.under_way = true;
  }
  // Whoever has waited longest comes first.
  std::stable_sort(due.begin(), due.end(), [](const Entry& a, const Entry& b) { return a.next < b.next; });
  return due;
}

void Renewals::tick(const Write& write, const Edit& edit, const Post& post) {
  for (const Entry& entry : take_due()) {
    if (post(entry.renewal.to.chat, [this, entry, write, edit] { renew(entry, write, edit); })) continue;
    settle(entry, {}, {});
  }
}

void Renewals::renew(const Entry& entry, const Write& write, const Edit& edit) {
  const Renewed renewed = write(entry.renewal);
  ApiResult<> edited;
  if (renewed.content) edited = edit(entry.renewal.to.chat, entry.renewal.message, *renewed.content);
  if (settle(entry, renewed, edited) || renewed.last || !renewed.content) return;
  // It was ended while this was on its way: what came last must not be a picture that claims to be alive.
  Renewal ended = entry.renewal;
  ended.ended = true;
  if (const auto last_word = write(ended).content) edit(entry.renewal.to.chat, entry.renewal.message, *last_word);
}

bool Renewals::settle(const Entry& entry, const Renewed& renewed, const ApiResult<>& edited) {
  const Timestamp now = hub_.clock().now();
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key_of(entry.renewal));
  if (found == entries_.end() || found->second.generation != entry.generation) return false;
  found->second.under_way = false;
  found->second.next = std::max(entry.next + renewed.next, now);
  if (found->second.next == now) found->second.next = now + renewed.next;
  bool over = renewed.last && edited.has_value();
  const bool is_changed = edited.has_value() && !renewed.arguments.empty();
  if (is_changed) found->second.renewal.arguments = renewed.arguments;
  if (!edited) {
    over = is_hopeless(edited.error()) || now - entry.renewal.begun_at > kGivenUpAfter;
    const Duration wait = edited.error().retry_after.value_or(renewed.next);
    found->second.next = now + std::max<Duration>(wait, kLookEvery);
  }
  if (!over && !is_changed) return true;
  if (over) entries_.erase(found);
  if (const auto saved = save_locked(); !saved) log::warn("Telegram: {}", saved.error().message);
  return true;
}

}  // namespace mps::telegram
