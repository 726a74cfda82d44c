#include "app/control_frame.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace mps::app {
namespace {

constexpr size_t kPayloadMax = size_t{1} << 30;

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool receive_all(int fd, char* data, size_t size) {
  while (size > 0) {
    const ssize_t count = ::recv(fd, data, size, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    data += count;
    size -= static_cast<size_t>(count);
  }
  return true;
}

const Error kGone{ErrorCode::kUnavailable, "the other side of the hub's socket is gone"};

}  // namespace

Result<void> send_frame(int fd, FrameType type, std::string_view payload) {
  if (payload.size() > kPayloadMax) return Error{ErrorCode::kLimitExceeded, "more than 1 GiB at once"};
  std::string header(1, static_cast<char>(type));
  for (int shift = 0; shift < 32; shift += 8) header += static_cast<char>(payload.size() >> shift & 0xFF);
  if (!send_all(fd, header) || !send_all(fd, payload)) return kGone;
  return {};
}

Result<ControlFrame> receive_frame(int fd) {
  std::array<char, 5> header;
  if (!receive_all(fd, header.data(), header.size())) return kGone;
  size_t length = 0;
  for (size_t i = 0; i < 4; ++i) length |= static_cast<size_t>(static_cast<unsigned char>(header[i + 1])) << (8 * i);
  if (length > kPayloadMax) return Error{ErrorCode::kLimitExceeded, "more than 1 GiB at once"};
  ControlFrame frame{static_cast<FrameType>(header[0]), std::string(length, '\0')};
  if (!receive_all(fd, frame.payload.data(), length)) return kGone;
  return frame;
}

}  // namespace mps::app
