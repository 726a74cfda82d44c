#include "gateway/ingest_token.h"

#include "base/crypto.h"

namespace mps::gateway {
namespace {

// The rest behind a scheme such as "Bearer", or nothing where it is another scheme.
std::optional<std::string_view> after_scheme(std::string_view value, std::string_view scheme) {
  if (value.size() <= scheme.size() || value[scheme.size()] != ' ') return std::nullopt;
  if (!equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  value.remove_prefix(scheme.size());
  value.remove_prefix(std::min(value.size(), value.find_first_not_of(' ')));
  return value;
}

std::optional<std::string> token_of_basic(std::string_view encoded) {
  const auto text = base64_decode(encoded);
  if (!text) return std::nullopt;
  const size_t colon = text->find(':');
  if (colon == std::string::npos || colon + 1 == text->size()) return text->substr(0, colon);
  return text->substr(colon + 1);
}

}  // namespace

std::optional<std::string> token_in_headers(const Request& request) {
  const std::string_view authorization = request.header("Authorization");
  for (const std::string_view scheme : {"Token", "Bearer"})
    if (const auto token = after_scheme(authorization, scheme)) return std::string(*token);
  if (const auto basic = after_scheme(authorization, "Basic")) return token_of_basic(*basic);
  if (const std::string_view token = request.header("token"); !token.empty()) return std::string(token);
  return std::nullopt;
}

std::optional<std::string> token_in_headers_or_query(const Request& request, const Parameters& query) {
  if (auto token = token_in_headers(request)) return token;
  if (auto password = query.find("p"); password && !password->empty()) return password;
  return std::nullopt;
}

const std::string& hash_of(const std::string& token, ConnectionMemory& memory) {
  if (memory.token_hash.empty() || !constant_time_equal(memory.token, token))
    memory = {token, sha256_hex(token), false};
  return memory.token_hash;
}

}  // namespace mps::gateway
