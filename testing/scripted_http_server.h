#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cctype>
#include <fmt/format.h>
#include <functional>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mps::testing {

struct SeenRequest {
  std::string method;
  std::string target;
  std::string head;  // request line and headers, as they came
  std::string body;
};

struct ScriptedAnswer {
  enum class Fault { kNone, kDropConnection, kHang };  // kHang: says nothing until the client goes or the server stops
  int status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};
  Fault fault = Fault::kNone;
};

// What the Bot API says when it refuses; `parameters` as JSON.
inline ScriptedAnswer refusal(int code, const std::string& description, const std::string& parameters = "{}") {
  return {code, fmt::format(R"({{"ok":false,"error_code":{},"description":"{}","parameters":{}}})", code, description,
                            parameters)};
}

// A real HTTP/1.1 server on a loopback port of the system's choice, that answers what the test's script says and
// remembers what it was asked. One thread a connection; the script is called under a lock.
class ScriptedHttpServer {
 public:
  using Script = std::function<ScriptedAnswer(const SeenRequest&)>;

  explicit ScriptedHttpServer(Script script) : script_(std::move(script)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 64);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~ScriptedHttpServer() {
    stopping_ = true;
    acceptor_.join();
    for (auto& connection : connections_) connection.join();
    ::close(listener_);
  }

  ScriptedHttpServer(const ScriptedHttpServer&) = delete;
  ScriptedHttpServer& operator=(const ScriptedHttpServer&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }

  std::vector<SeenRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  void accept_all() {
    while (wait_readable(listener_)) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd >= 0) connections_.emplace_back([this, fd] { serve(fd); });
    }
  }

  // False when the server stops.
  bool wait_readable(int fd) const {
    while (!stopping_) {
      pollfd entry{fd, POLLIN, 0};
      if (::poll(&entry, 1, 10) > 0) return true;
    }
    return false;
  }

  void serve(int fd) {
    std::string buffer;
    while (auto request = read_request(fd, buffer)) {
      if (!answer(fd, *request)) break;
    }
    ::close(fd);
  }

  bool read_more(int fd, std::string& buffer) const {
    char chunk[65536];
    if (!wait_readable(fd)) return false;
    const ssize_t got = ::recv(fd, chunk, sizeof chunk, 0);
    if (got <= 0) return false;
    buffer.append(chunk, static_cast<size_t>(got));
    return true;
  }

  std::optional<SeenRequest> read_request(int fd, std::string& buffer) const {
    size_t head_end;
    while ((head_end = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more(fd, buffer)) return std::nullopt;
    }
    SeenRequest request;
    request.head = buffer.substr(0, head_end);
    const size_t body_size = content_length(request.head);
    while (buffer.size() < head_end + 4 + body_size) {
      if (!read_more(fd, buffer)) return std::nullopt;
    }
    request.body = buffer.substr(head_end + 4, body_size);
    buffer.erase(0, head_end + 4 + body_size);
    const size_t first = request.head.find(' ');
    request.method = request.head.substr(0, first);
    request.target = request.head.substr(first + 1, request.head.find(' ', first + 1) - first - 1);
    return request;
  }

  static size_t content_length(std::string head) {
    std::transform(head.begin(), head.end(), head.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const size_t at = head.find("content-length:");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 15));
  }

  // False when the connection is to be closed.
  bool answer(int fd, const SeenRequest& request) {
    ScriptedAnswer answer;
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(request);
      answer = script_(request);
    }
    if (answer.fault == ScriptedAnswer::Fault::kDropConnection) return false;
    if (answer.fault == ScriptedAnswer::Fault::kHang) {
      wait_readable(fd);  // the client's goodbye
      return false;
    }
    std::string text = fmt::format("HTTP/1.1 {} Scripted\r\nContent-Length: {}\r\n", answer.status, answer.body.size());
    for (const auto& [name, value] : answer.headers) text += name + ": " + value + "\r\n";
    text += "\r\n" + answer.body;
    return ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread acceptor_;
  std::list<std::thread> connections_;
  mutable std::mutex mutex_;
  std::vector<SeenRequest> seen_;
};

}  // namespace mps::testing
