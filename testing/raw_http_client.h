#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace mps::testing {

struct RawResponse {
  int status = 0;  // 0: the connection ended before a whole response
  std::string head;
  std::string body;

  // The value of a header, "" where it is absent; `name` as the server writes it.
  std::string header(std::string_view name) const {
    const size_t at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return "";
    const size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

// A loopback TCP connection on which a test sends whatever bytes it likes. Reads give up after ten seconds.
class RawHttpClient {
 public:
  explicit RawHttpClient(uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawHttpClient() { close(); }
  RawHttpClient(const RawHttpClient&) = delete;
  RawHttpClient& operator=(const RawHttpClient&) = delete;

  bool connected() const { return connected_; }

  // False when the peer is gone.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // The next response. Of a HEAD request the body is not there, whatever its header says.
  RawResponse receive(bool head_only = false) {
    RawResponse response;
    size_t end = std::string::npos;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos)
      if (!read_more()) return response;
    response.head = in_.substr(0, end + 2);
    in_.erase(0, end + 4);
    const std::string length = response.header("Content-Length");
    const size_t size = head_only || length.empty() ? 0 : std::stoul(length);
    while (in_.size() < size)
      if (!read_more()) return response;
    response.body = in_.substr(0, size);
    in_.erase(0, size);
    response.status = std::atoi(response.head.c_str() + 9);
    return response;
  }

  RawResponse ask(std::string_view bytes, bool head_only = false) {
    send(bytes);
    return receive(head_only);
  }

  // True when the server closes the connection without another byte.
  bool at_end() { return in_.empty() && !read_more() && ended_; }

  void end_sending() { shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  bool read_more() {
    char bytes[65536];
    ssize_t got = -1;
    do got = recv(fd_, bytes, sizeof bytes, 0);
    while (got < 0 && errno == EINTR);
    ended_ = got == 0;
    if (got > 0) in_.append(bytes, static_cast<size_t>(got));
    return got > 0;
  }

  int fd_;
  bool connected_ = false, ended_ = false;
  std::string in_;
};

// `body` in chunks of `size` bytes, as Telegraf sends what it packs while it writes.
inline std::string chunked(std::string_view body, size_t size) {
  std::string out;
  while (!body.empty()) {
    const std::string_view piece = body.substr(0, size);
    char line[32];
    const int length = std::snprintf(line, sizeof line, "%zx\r\n", piece.size());
    out.append(line, static_cast<size_t>(length));
    out.append(piece);
    out += "\r\n";
    body.remove_prefix(piece.size());
  }
  return out + "0\r\n\r\n";
}

}  // namespace mps::testing
