#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace mps::app {

// The person's side of a command: its output, and the files that they named. A command that a running hub carries out
// for somebody else's shell reads and writes the files over there, with that person's rights.
class Terminal {
 public:
  virtual ~Terminal() = default;
  virtual void out(std::string_view text) = 0;                         // results
  virtual void err(std::string_view text) = 0;                         // everything else
  virtual bool shows_progress() const = 0;                             // a person is looking at err
  virtual Result<std::string> read_file(const std::string& path) = 0;  // "-" is standard input
  virtual Result<void> write_file(const std::string& path, std::string_view content) = 0;
};

// This process's own standard streams and files.
class LocalTerminal final : public Terminal {
 public:
  LocalTerminal();
  void out(std::string_view text) override;
  void err(std::string_view text) override;
  bool shows_progress() const override { return shows_progress_; }
  Result<std::string> read_file(const std::string& path) override;
  Result<void> write_file(const std::string& path, std::string_view content) override;

 private:
  bool shows_progress_;
};

}  // namespace mps::app
