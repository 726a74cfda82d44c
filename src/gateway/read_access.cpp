#include "gateway/read_access.h"

#include "base/crypto.h"
#include "gateway/ingest_token.h"
#include "gateway/route.h"

namespace mps::gateway {
namespace {

bool is_loopback_address(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

// "localhost:8080", "127.0.0.1", "[::1]:8080"
bool is_loopback_host(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1) == "[::1]";
  host = host.substr(0, host.find(':'));
  const bool digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return equal_ignoring_case(host, "localhost") || (digits && is_loopback_address(host));
}

}  // namespace

std::optional<Response> ReadAccess::refuse(const Request& request) const {
  if (!token_.empty()) {
    const auto token = token_in_headers(request);
    if (token && constant_time_equal(*token, token_)) return std::nullopt;
    return problem(401, "send the read token of this hub: Authorization: Bearer ...");
  }
  const bool forwarded = !request.header("X-Forwarded-For").empty() || !request.header("Forwarded").empty();
  if (is_loopback_address(request.remote) && is_loopback_host(request.header("Host")) && !forwarded)
    return std::nullopt;
  return problem(403,
                 "without a read token, figures are shown to programs on the hub's own machine alone: start the hub "
                 "with a read token, or ask by http://127.0.0.1");
}

}  // namespace mps::gateway
