#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "agent/hub_url.h"
#include "agent/push_policy.h"
#include "base/clock.h"
#include "base/error.h"

namespace mps::agent {

// HTTP/1.1 to one hub over Boost.Beast, kept alive between requests; TLS is verified against the system's certificates
// (SSL_CERT_FILE and SSL_CERT_DIR are honoured). One thread.
class HubConnection {
 public:
  HubConnection(HubUrl url, std::string token);
  ~HubConnection();

  // POSTs gzipped line protocol. Any status is a success here. Fails with kTimeout, or kUnavailable (name, connection,
  // TLS: the message says which). A connection that the hub closed meanwhile is opened again once. When `stop` is
  // requested, at most 2 more seconds are spent. Looking up the name is up to the system and is not timed.
  Result<Reply> post(const std::string& gzipped, Duration timeout, const std::stop_token& stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mps::agent
