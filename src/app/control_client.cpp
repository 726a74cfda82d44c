#include <sys/socket.h>
#include <unistd.h>

#include "app/control_frame.h"
#include "app/control_server.h"
#include "app/terminal.h"
#include "app/unix_socket.h"
#include "base/text.h"

namespace mps::app {
namespace {

Result<void> answer_failure(int fd, const Error& error) {
  return send_frame(fd, FrameType::kFailed, static_cast<char>(error.code) + error.message);
}

Result<void> answer_read(int fd, const std::string& path, Terminal& terminal) {
  const auto content = terminal.read_file(path);
  return content ? send_frame(fd, FrameType::kContent, *content) : answer_failure(fd, content.error());
}

Result<void> answer_write(int fd, const std::string& payload, Terminal& terminal) {
  const size_t end = std::min(payload.find('\0'), payload.size());
  const auto written =
      terminal.write_file(payload.substr(0, end), std::string_view(payload).substr(std::min(end + 1, payload.size())));
  return written ? send_frame(fd, FrameType::kDone, "") : answer_failure(fd, written.error());
}

Result<void> answer_line(int fd, const std::string& milliseconds, Terminal& terminal) {
  const auto wait = parse_number(milliseconds);
  const auto patience = std::chrono::milliseconds(wait ? static_cast<int64_t>(*wait) : 0);
  const auto line = terminal.read_line(patience);
  if (!line) return answer_failure(fd, line.error());
  switch (line->kind) {
    case TypedLine::Kind::kLine:
      return send_frame(fd, FrameType::kContent, line->text);
    case TypedLine::Kind::kNothingYet:
      return send_frame(fd, FrameType::kNothing, "");
    case TypedLine::Kind::kEnd:
      break;
  }
  return send_frame(fd, FrameType::kEnd, "");
}

// Does what the hub asks until it says the exit code.
Result<int> follow(int fd, Terminal& terminal) {
  for (;;) {
    MPS_TRY(const ControlFrame frame, receive_frame(fd));
    switch (frame.type) {
      case FrameType::kOut:
        terminal.out(frame.payload);
        break;
      case FrameType::kErr:
        terminal.err(frame.payload);
        break;
      case FrameType::kRead:
        MPS_TRY_VOID(answer_read(fd, frame.payload, terminal));
        break;
      case FrameType::kWrite:
        MPS_TRY_VOID(answer_write(fd, frame.payload, terminal));
        break;
      case FrameType::kLine:
        MPS_TRY_VOID(answer_line(fd, frame.payload, terminal));
        break;
      case FrameType::kExit:
        return frame.payload == "0" ? 0 : frame.payload == "2" ? 2 : 1;
      default:
        return Error{ErrorCode::kInternal,
                     "the hub said something that this program does not know; are both of one version?"};
    }
  }
}

Result<int> converse(int fd, const std::vector<std::string>& arguments, Terminal& terminal) {
  std::string lines;
  for (const std::string& argument : arguments) lines += argument + "\n";
  MPS_TRY_VOID(send_frame(fd, FrameType::kArguments, lines));
  MPS_TRY_VOID(send_frame(fd, FrameType::kTerminal, terminal.shows_progress() ? "1" : "0"));
  return follow(fd, terminal);
}

}  // namespace

std::optional<int> run_in_hub(const std::filesystem::path& path, const std::vector<std::string>& arguments) {
  const auto address = unix_address(path);
  if (!address) return std::nullopt;
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    ::close(fd);
    return std::nullopt;
  }
  LocalTerminal terminal;
  const Result<int> code = converse(fd, arguments, terminal);
  ::close(fd);
  if (code) return *code;
  terminal.err("mps: " + code.error().message + "\n");
  return 1;
}

}  // namespace mps::app
