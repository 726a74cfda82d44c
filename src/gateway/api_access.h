#pragma once

#include <string>
#include <variant>

#include "gateway/buckets.h"
#include "gateway/http_message.h"
#include "gateway/trusted_proxies.h"
#include "service/api_tokens.h"
#include "service/servers.h"

namespace mps::gateway {

// Who asks, once they are known.
struct Caller {
  std::string name;  // for the audit log: "API token grafana", "the read token", "this machine"
  service::Role role = service::Role::kViewer;
};

// Who may ask the REST API for what. Whoever bears an API token may do what its role may; whoever bears the read token
// may look. Without a token programs on the hub's own machine may look where there is no read token, as long as they
// speak to it by a loopback name; that keeps web pages of elsewhere out (DNS rebinding), and what a proxy forwards
// under a public name. An ingest token opens nothing here. Thread-safe.
class ApiAccess {
 public:
  struct Options {
    std::string read_token{};                                    // "": there is none
    Buckets::Options guesses{.per_second = 0.1, .burst = 10};    // wrong tokens of one address
    Buckets::Options requests{.per_second = 200, .burst = 400};  // of one token
    TrustedProxies proxies{};
  };

  ApiAccess(Options options, const service::ApiTokens& tokens, const service::Servers& servers, const Clock& clock);

  // Who asks, or the refusal: 401, 403, 429. Somebody whose address guessed too often is not looked at for a while,
  // unless their connection has shown its token before. A request that its connection remembers as counted is not
  // counted against the rate of its token again.
  std::variant<Caller, Response> authorise(const Request& request, service::Role needed);

 private:
  std::variant<Caller, Response> identify(const Request& request, service::Role needed);
  bool is_of_this_machine(const Request& request) const;
  std::variant<Caller, Response> without_token(const Request& request, service::Role needed) const;
  std::variant<Caller, Response> with_token(const Request& request, const std::string& token);
  Response wrong_token(const Error& why, const std::string& network);

  const Options options_;
  const std::string read_token_hash_;
  const service::ApiTokens& tokens_;
  const service::Servers& servers_;
  const Clock& clock_;
  Buckets guesses_, requests_;
};

}  // namespace mps::gateway
