#include "app/terminal.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <poll.h>
#include <unistd.h>

#include "base/file.h"

namespace mps::app {
namespace {

constexpr size_t kTypedMax = size_t{1} << 20;

// Up to the first line feed; without one, where nothing will follow or it is too long, all of it.
std::optional<std::string> take_line(std::string& typed, bool ended) {
  const size_t end = typed.find('\n');
  if (end == std::string::npos && !(ended && !typed.empty()) && typed.size() < kTypedMax) return std::nullopt;
  std::string line = typed.substr(0, end);
  typed.erase(0, end == std::string::npos ? typed.size() : end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

LocalTerminal::LocalTerminal() : shows_progress_(::isatty(STDERR_FILENO) == 1) {}

void LocalTerminal::out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void LocalTerminal::err(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

Result<std::string> LocalTerminal::read_file(const std::string& path) {
  return mps::read_file(path == "-" ? "/dev/stdin" : path);
}

Result<void> LocalTerminal::write_file(const std::string& path, std::string_view content) {
  return write_file_atomically(path, content);
}

Result<TypedLine> LocalTerminal::read_line(Duration patience) {
  for (;;) {
    if (auto line = take_line(typed_, ended_)) return TypedLine{TypedLine::Kind::kLine, std::move(*line)};
    if (ended_) return TypedLine{TypedLine::Kind::kEnd};
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
    if (::poll(&input, 1, static_cast<int>(wait)) <= 0) return TypedLine{TypedLine::Kind::kNothingYet};
    std::array<char, 4096> bytes;
    const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    ended_ = count <= 0;
    if (count > 0) typed_.append(bytes.data(), static_cast<size_t>(count));
  }
}

}  // namespace mps::app
