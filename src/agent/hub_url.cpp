#include "agent/hub_url.h"

#include <fmt/format.h>

#include "agent/scan.h"

namespace mps::agent {

std::string HubUrl::authority() const {
  const bool usual_port = port == (tls ? "443" : "80");
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return usual_port ? name : name + ":" + port;
}

Result<HubUrl> HubUrl::parse(std::string_view text) {
  const Error wrong{ErrorCode::kInvalidArgument,
                    fmt::format("'{}' is not the address of a hub: write http://host:8080 or https://host", text)};
  std::string_view rest = trim(text);
  HubUrl url;
  if (rest.starts_with("https://")) {
    url.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.find("://") != std::string_view::npos) {
    return wrong;
  }
  if (rest.find_first_of("@?# \t\r\n") != std::string_view::npos) return wrong;
  const size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  std::string_view prefix = slash == std::string_view::npos ? "" : rest.substr(slash);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  url.path = std::string(prefix) + "/api/v2/write";

  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t close = authority.find(']');
    if (close == std::string_view::npos) return wrong;
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
  } else {
    const size_t colon = authority.find(':');
    url.host = authority.substr(0, colon);
    port = colon == std::string_view::npos ? "" : authority.substr(colon);
  }
  if (url.host.empty()) return wrong;
  if (port.empty()) {
    url.port = url.tls ? "443" : "80";
    return url;
  }
  const auto number = to_natural(port.substr(1));
  if (port[0] != ':' || !number || *number == 0 || *number > 65535) return wrong;
  url.port = port.substr(1);
  return url;
}

}  // namespace mps::agent
