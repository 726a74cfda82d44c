#include "gateway/api_access.h"

#include <fmt/format.h>

#include "base/crypto.h"
#include "gateway/ingest_token.h"
#include "gateway/problem.h"

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

Response slow_down(std::string_view why, Duration wait) {
  Response response = problem(429, why);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  response.headers.emplace_back("Retry-After", std::to_string(std::max<int64_t>(seconds, 1)));
  return response;
}

}  // namespace

ApiAccess::ApiAccess(Options options, const service::ApiTokens& tokens, const service::Servers& servers,
                     const Clock& clock)
    : options_(std::move(options)),
      read_token_hash_(options_.read_token.empty() ? "" : sha256_hex(options_.read_token)),
      tokens_(tokens),
      servers_(servers),
      clock_(clock),
      guesses_(options_.guesses),
      requests_(options_.requests) {}

std::variant<Caller, Response> ApiAccess::authorise(const Request& request, service::Role needed) {
  auto who = identify(request, needed);
  const Caller* caller = std::get_if<Caller>(&who);
  if (caller == nullptr || caller->role >= needed) return who;
  return problem(403, fmt::format("this needs the role {}; {} is {}: `mps api-token add NAME --role {}` makes one",
                                  service::name_of(needed), caller->name, service::name_of(caller->role),
                                  service::name_of(needed)));
}

std::variant<Caller, Response> ApiAccess::identify(const Request& request, service::Role needed) {
  const auto token = token_in_headers(request);
  return token ? with_token(request, *token) : without_token(request, needed);
}

bool ApiAccess::is_of_this_machine(const Request& request) const {
  return !options_.proxies.is_forwarded_by_stranger(request) &&
         is_loopback_address(options_.proxies.client_of(request)) && is_loopback_host(request.header("Host"));
}

std::variant<Caller, Response> ApiAccess::without_token(const Request& request, service::Role needed) const {
  if (read_token_hash_.empty() && is_of_this_machine(request)) {
    if (needed == service::Role::kViewer) return Caller{"this machine", service::Role::kViewer};
    return problem(401, fmt::format("without a token one may only look: `mps api-token add NAME --role {}` makes one; "
                                    "send it as Authorization: Bearer ...",
                                    service::name_of(needed)));
  }
  if (!read_token_hash_.empty() || !tokens_.empty())
    return problem(401, "send a token of this hub: Authorization: Bearer ...; `mps api-token add NAME` makes one");
  return problem(403,
                 "without a token, figures are shown to programs on the hub's own machine alone: make a token with "
                 "`mps api-token add NAME`, or ask by http://127.0.0.1");
}

std::variant<Caller, Response> ApiAccess::with_token(const Request& request, const std::string& token) {
  const Timestamp now = clock_.now();
  ConnectionMemory nothing;
  ConnectionMemory& memory = request.memory != nullptr ? *request.memory : nothing;
  const std::string network = network_of(options_.proxies.client_of(request));
  const std::string& hash = hash_of(token, memory);
  if (!memory.token_was_good) {
    if (const auto wait = guesses_.wait_of(network, now))
      return slow_down("too many wrong tokens came from your address: wait before you try again", *wait);
  }
  std::optional<Caller> caller;
  if (!read_token_hash_.empty() && constant_time_equal(hash, read_token_hash_)) {
    caller = Caller{"the read token", service::Role::kViewer};
  } else if (const auto found = tokens_.authenticate_hash(hash)) {
    caller = Caller{"API token " + found->name, found->role};
  } else {
    memory.token_was_good = false;
    if (servers_.authenticate_hash(hash)) return problem(403, "this is an ingest token: it can only write samples");
    return wrong_token(found.error(), network);
  }
  memory.token_was_good = true;
  if (std::exchange(memory.counted, false)) return *caller;
  if (const auto wait = requests_.take(caller->name, now))
    return slow_down(fmt::format("{} asks too often: at most {} requests a second, {} at once", caller->name,
                                 options_.requests.per_second, options_.requests.burst),
                     *wait);
  return *caller;
}

Response ApiAccess::wrong_token(const Error& why, const std::string& network) {
  guesses_.take(network, clock_.now());
  return problem(401, why.message);
}

}  // namespace mps::gateway
