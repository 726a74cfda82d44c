#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace mps::agent {

// Where figures are pushed to.
struct HubUrl {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  std::string port;
  std::string path;  // of the write endpoint: "/api/v2/write", behind the prefix of the URL where it has one

  // For the Host header: with brackets and port where they are needed.
  std::string authority() const;
  // "http://hub:8080", "https://example.com/mps/", "http://[::1]:8080"; without a scheme, http. Fails with
  // kInvalidArgument, also on a user name, query or fragment.
  static Result<HubUrl> parse(std::string_view text);
};

}  // namespace mps::agent
