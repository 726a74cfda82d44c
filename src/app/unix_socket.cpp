#include "app/unix_socket.h"

#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>

namespace mps::app {

Result<sockaddr_un> unix_address(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("the path {} is too long for a socket ({} bytes at most); use a data folder with a shorter path",
                    text, sizeof address.sun_path - 1)};
  }
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  return address;
}

}  // namespace mps::app
