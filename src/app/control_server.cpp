#include "app/control_server.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/command.h"
#include "app/control_frame.h"
#include "app/unix_socket.h"
#include "base/log.h"

namespace mps::app {
namespace {

// The terminal of a shell at the other end of a socket.
class RemoteTerminal final : public Terminal {
 public:
  RemoteTerminal(int fd, std::stop_source stop, bool shows_progress)
      : fd_(fd), stop_(std::move(stop)), shows_progress_(shows_progress) {}
  void out(std::string_view text) override { send(FrameType::kOut, text); }
  void err(std::string_view text) override { send(FrameType::kErr, text); }
  bool shows_progress() const override { return shows_progress_; }
  std::stop_token stop() const override { return stop_.get_token(); }

  Result<std::string> read_file(const std::string& path) override {
    MPS_TRY(ControlFrame answer, ask(FrameType::kRead, path));
    return std::move(answer.payload);
  }
  Result<void> write_file(const std::string& path, std::string_view content) override {
    std::string payload = path;
    payload += '\0';
    payload += content;
    MPS_TRY_VOID(ask(FrameType::kWrite, payload));
    return {};
  }
  Result<TypedLine> read_line(Duration patience) override {
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
    MPS_TRY(ControlFrame answer, ask(FrameType::kLine, std::to_string(wait)));
    if (answer.type == FrameType::kContent) return TypedLine{TypedLine::Kind::kLine, std::move(answer.payload)};
    return TypedLine{answer.type == FrameType::kNothing ? TypedLine::Kind::kNothingYet : TypedLine::Kind::kEnd};
  }

 private:
  void send(FrameType type, std::string_view text) {
    if (const auto sent = send_frame(fd_, type, text); !sent) {
      log::debug("{}", sent.error().message);
      stop_.request_stop();
    }
  }
  Result<ControlFrame> ask(FrameType type, std::string_view payload) {
    MPS_TRY_VOID(send_frame(fd_, type, payload));
    MPS_TRY(ControlFrame answer, receive_frame(fd_));
    if (answer.type == FrameType::kFailed && !answer.payload.empty())
      return Error{static_cast<ErrorCode>(answer.payload[0]), answer.payload.substr(1)};
    return answer;
  }

  int fd_;
  std::stop_source stop_;
  bool shows_progress_;
};

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

int run_command(service::Hub& hub, const std::vector<std::string>& arguments, Terminal& terminal) {
  Invocation invocation;
  if (parse_arguments(arguments, invocation, terminal) != ParseOutcome::kRun) return 2;
  if (!invocation.run_on_hub) return 2;
  const Result<void> done = invocation.run_on_hub(hub, terminal);
  if (!done) terminal.err("mps: " + done.error().message + "\n");
  return done ? 0 : 1;
}

void serve_connection(int fd, const std::stop_source& stop, service::Hub& hub) {
  const auto arguments = receive_frame(fd);
  const auto progress = receive_frame(fd);
  if (!arguments || !progress || arguments->type != FrameType::kArguments) return;
  RemoteTerminal terminal(fd, stop, progress->payload == "1");
  const int code = run_command(hub, split_lines(arguments->payload), terminal);
  if (const auto sent = send_frame(fd, FrameType::kExit, std::to_string(code)); !sent)
    log::debug("{}", sent.error().message);
}

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::start(const std::filesystem::path& path, service::Hub& hub) {
  MPS_TRY(const sockaddr_un address, unix_address(path));
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::unlink(path.c_str());  // left by a hub that was killed: the folder's lock says that none is running
  const mode_t before = ::umask(0177);
  const bool bound =
      ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 && ::listen(fd, 16) == 0;
  const int reason = errno;
  ::umask(before);
  if (!bound) {
    ::close(fd);
    return Error{ErrorCode::kIo, fmt::format("cannot listen on {}: {}", path.string(), std::strerror(reason))};
  }
  return std::unique_ptr<ControlServer>(new ControlServer(path, fd, hub));
}

ControlServer::ControlServer(std::filesystem::path path, int listener, service::Hub& hub)
    : path_(std::move(path)),
      listener_(listener),
      hub_(hub),
      accepting_([this](std::stop_token stop) { accept_loop(stop); }) {}

ControlServer::~ControlServer() {
  accepting_.request_stop();
  accepting_.join();
  ::close(listener_);
  ::unlink(path_.c_str());
  for (Connection& connection : connections_) {
    connection.stop.request_stop();
    ::shutdown(connection.fd, SHUT_RDWR);
  }
  for (Connection& connection : connections_) {
    connection.thread.join();
    ::close(connection.fd);
  }
}

void ControlServer::accept_loop(std::stop_token stop) {
  const std::stop_callback wake(stop, [this] { ::shutdown(listener_, SHUT_RDWR); });  // accept fails then
  while (!stop.stop_requested()) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (fd < 0) break;
    reap_finished();
    Connection& connection = connections_.emplace_back();
    connection.fd = fd;
    connection.thread = std::jthread([this, &connection] {
      serve_connection(connection.fd, connection.stop, hub_);
      ::shutdown(connection.fd, SHUT_RDWR);
      connection.finished = true;
    });
  }
}

void ControlServer::reap_finished() {
  for (auto it = connections_.begin(); it != connections_.end();) {
    if (!it->finished) {
      ++it;
      continue;
    }
    it->thread.join();
    ::close(it->fd);
    it = connections_.erase(it);
  }
}

}  // namespace mps::app
