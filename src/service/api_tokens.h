#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "catalog/api_tokens.h"
#include "service/role.h"

namespace mps::service {

// Who a token of the REST API speaks for.
struct ApiIdentity {
  std::string name;  // of the token
  Role role = Role::kViewer;
};

struct NewApiToken {
  catalog::ApiToken record;
  std::string token;  // shown once: only its hash is kept
};

// The tokens that programs ask the REST API with, each with a role and perhaps an end. What only asks is answered from
// memory, and never waits for the catalog. Thread-safe.
class ApiTokens {
 public:
  static constexpr size_t kTokensMax = 1000;

  ApiTokens(catalog::Database& database, const Clock& clock) : table_(database), clock_(clock) {}
  // Reads what the catalog holds. Call once, before anything else.
  Result<void> load();

  // Names: 1 to 100 bytes of text. `lasts`: nothing for a token without an end, else a second to a hundred years.
  // kInvalidArgument, kAlreadyExists, kLimitExceeded.
  Result<NewApiToken> add(std::string_view name, Role role, std::optional<Duration> lasts, std::string_view who);
  std::vector<catalog::ApiToken> list() const;  // by name, those that have expired too
  bool empty() const;
  // It stops working at once. kNotFound.
  Result<catalog::ApiToken> remove(std::string_view name);

  // By the token's SHA-256 (sha256_hex). kUnauthenticated: nobody issued it, or it has expired.
  Result<ApiIdentity> authenticate_hash(const std::string& hash) const;

 private:
  catalog::ApiTokens table_;
  const Clock& clock_;
  std::mutex changing_;       // held by whoever changes something, for as long as the catalog takes
  mutable std::mutex mutex_;  // of what follows, held for moments alone
  std::unordered_map<std::string, catalog::ApiToken> by_hash_;
};

}  // namespace mps::service
