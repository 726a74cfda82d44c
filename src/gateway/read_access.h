#pragma once

#include <optional>
#include <string>

#include "gateway/http_message.h"

namespace mps::gateway {

// Who may read figures. With a read token: who bears it (Authorization: Bearer). Without one: programs on the hub's own
// machine, as long as they speak to it by a loopback name; that keeps web pages of elsewhere out (DNS rebinding), and
// what a proxy forwards under a public name.
class ReadAccess {
 public:
  explicit ReadAccess(std::string token) : token_(std::move(token)) {}

  // The refusal, or nothing where the request may be served.
  std::optional<Response> refuse(const Request& request) const;

 private:
  std::string token_;
};

}  // namespace mps::gateway
