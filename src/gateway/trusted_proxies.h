#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "gateway/http_message.h"

namespace mps::gateway {

// The proxies whose word is taken for whom they speak for. Immutable; thread-safe.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  // "10.0.0.1", "10.0.0.0/8", "fd00::/8". Fails with kInvalidArgument, naming what is none.
  static Result<TrustedProxies> parse(const std::vector<std::string>& networks);

  // Who asks: the peer; where that is a trusted proxy, the last address in X-Forwarded-For that is none (RFC 7239, 8.1:
  // what stands before it, anybody may have written). What is no address there is taken as it stands.
  std::string client_of(const Request& request) const;
  // Does somebody claim to speak for somebody else whom we need not believe?
  bool is_forwarded_by_stranger(const Request& request) const;

 private:
  bool trusts(std::string_view address) const;
  struct Network {
    std::string bytes;  // of the address as IPv6
    int prefix = 128;
  };
  std::vector<Network> networks_;
};

// What an address is counted as: itself, of IPv6 its network of 64 bits, which one client has to itself.
std::string network_of(std::string_view address);

}  // namespace mps::gateway
