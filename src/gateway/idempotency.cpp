#include "gateway/idempotency.h"

#include <algorithm>
#include <fmt/format.h>

#include "gateway/problem.h"

namespace mps::gateway {
namespace {

constexpr const char* kKeyHeader = "header: Idempotency-Key";

std::string name_of_key(const std::string& caller, const std::string& key) {
  return caller + '\n' + key;
}

bool is_key(const std::string& key, size_t bytes_max) {
  return key.size() <= bytes_max && std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x21 && c <= 0x7E; });
}

}  // namespace

std::optional<Response> IdempotencyKeys::begin(const std::string& caller, const std::string& key,
                                               const std::string& fingerprint, Timestamp now) {
  if (!is_key(key, options_.key_bytes_max)) {
    return problem(400, fmt::format("must be 1 to {} visible ASCII characters; a UUID will do", options_.key_bytes_max),
                   kKeyHeader);
  }
  const std::lock_guard lock(mutex_);
  make_room(now);
  const std::string name = name_of_key(caller, key);
  if (const auto found = by_name_.find(name); found != by_name_.end()) {
    const Entry& entry = *found->second;
    if (entry.fingerprint != fingerprint)
      return problem(422, "was used for another request: take a new one for each thing to be done", kKeyHeader);
    if (!entry.answer) return problem(409, "the first request with this key is still under way", kKeyHeader);
    Response again = *entry.answer;
    again.headers.emplace_back("Idempotency-Replayed", "true");
    return again;
  }
  entries_.push_back({name, fingerprint, now, std::nullopt, name.size() + fingerprint.size()});
  bytes_ += entries_.back().bytes;
  by_name_[name] = std::prev(entries_.end());
  return std::nullopt;
}

void IdempotencyKeys::finish(const std::string& caller, const std::string& key, const Response& answer) {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(name_of_key(caller, key));
  if (found == by_name_.end()) return;
  Entry& entry = *found->second;
  entry.answer = answer;
  entry.bytes += answer.body.size();
  bytes_ += answer.body.size();
}

void IdempotencyKeys::forget(const std::string& caller, const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = by_name_.find(name_of_key(caller, key)); found != by_name_.end()) erase(found->second);
}

void IdempotencyKeys::erase(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  by_name_.erase(entry->name);
  entries_.erase(entry);
}

// Room for one more.
void IdempotencyKeys::make_room(Timestamp now) {
  while (!entries_.empty() && (entries_.front().at + options_.kept <= now || entries_.size() >= options_.keys_max ||
                               bytes_ > options_.bytes_max))
    erase(entries_.begin());
}

}  // namespace mps::gateway
