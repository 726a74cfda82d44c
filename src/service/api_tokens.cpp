#include "service/api_tokens.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/text.h"

namespace mps::service {
namespace {

constexpr size_t kTokenNameMax = 100;
constexpr Duration kLastsMax = std::chrono::hours(24 * 36500);

Result<void> check_token_name(std::string_view name) {
  const bool printable = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  const bool trimmed = !name.empty() && name.front() != ' ' && name.back() != ' ';
  if (trimmed && printable && name.size() <= kTokenNameMax && valid_utf8(name) == name) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("'{}' is not a name for a token: use 1 to {} bytes of text without line breaks or spaces at "
                           "the ends",
                           valid_utf8(name.substr(0, kTokenNameMax)), kTokenNameMax)};
}

}  // namespace

Result<void> ApiTokens::load() {
  MPS_TRY(const auto tokens, table_.list());
  const std::lock_guard lock(mutex_);
  for (const catalog::ApiToken& token : tokens) by_hash_[token.hash] = token;
  return {};
}

Result<NewApiToken> ApiTokens::add(std::string_view name, Role role, std::optional<Duration> lasts,
                                   std::string_view who) {
  MPS_TRY_VOID(check_token_name(name));
  if (lasts && (*lasts < std::chrono::seconds(1) || *lasts > kLastsMax))
    return Error{ErrorCode::kInvalidArgument, "a token lasts from a second to a hundred years; write 90d"};
  const std::lock_guard changing(changing_);
  if (list().size() >= kTokensMax) {
    return Error{ErrorCode::kLimitExceeded,
                 fmt::format("there are {} API tokens already; remove those that nobody needs", kTokensMax)};
  }
  const Timestamp now = clock_.now();
  NewApiToken made{{}, "mpsapi_" + random_token(24)};
  catalog::ApiToken record{0,
                           std::string(name),
                           {},
                           std::string(name_of(role)),
                           now,
                           lasts ? std::optional(now + *lasts) : std::nullopt,
                           valid_utf8(who)};
  record.hash = sha256_hex(made.token);
  MPS_TRY(made.record, table_.add(record));
  const std::lock_guard lock(mutex_);
  by_hash_[made.record.hash] = made.record;
  return made;
}

std::vector<catalog::ApiToken> ApiTokens::list() const {
  std::vector<catalog::ApiToken> tokens;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [hash, token] : by_hash_) tokens.push_back(token);
  }
  std::sort(tokens.begin(), tokens.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return tokens;
}

bool ApiTokens::empty() const {
  const std::lock_guard lock(mutex_);
  return by_hash_.empty();
}

Result<catalog::ApiToken> ApiTokens::remove(std::string_view name) {
  const std::lock_guard changing(changing_);
  const auto tokens = list();
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const auto& token) { return token.name == name; });
  if (found == tokens.end()) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("there is no API token named '{}'; `mps api-token list` shows them", valid_utf8(name))};
  }
  MPS_TRY_VOID(table_.remove(found->id));
  const std::lock_guard lock(mutex_);
  by_hash_.erase(found->hash);
  return *found;
}

// Finding a hash takes as long for whatever token: how far a guess is right can't be told from the time.
Result<ApiIdentity> ApiTokens::authenticate_hash(const std::string& hash) const {
  const Timestamp now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end() || !constant_time_equal(found->second.hash, hash))
    return Error{ErrorCode::kUnauthenticated, "nobody issued this token; `mps api-token add` makes one"};
  const catalog::ApiToken& token = found->second;
  if (token.expires_at && *token.expires_at <= now) {
    return Error{ErrorCode::kUnauthenticated, fmt::format("the token '{}' has expired at {}; make a new one",
                                                          token.name, format_rfc3339(*token.expires_at))};
  }
  return ApiIdentity{token.name, find_role(token.role).value_or(Role::kViewer)};
}

}  // namespace mps::service
