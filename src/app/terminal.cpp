#include "app/terminal.h"

#include <cstdio>
#include <unistd.h>

#include "base/file.h"

namespace mps::app {

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

}  // namespace mps::app
