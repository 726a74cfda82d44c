#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace mps::app {

// What somebody typed.
struct TypedLine {
  enum class Kind { kLine, kNothingYet, kEnd } kind = Kind::kEnd;  // kEnd: nothing will come any more
  std::string text = {};                                           // without the line feed
};

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
  // The next line of standard input, should one come within `patience`. Fails where the person is gone.
  virtual Result<TypedLine> read_line(Duration patience) = 0;
  // Asked for where the hub that carries out the command ends, or the person is gone.
  virtual std::stop_token stop() const { return {}; }
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
  Result<TypedLine> read_line(Duration patience) override;

 private:
  bool shows_progress_;
  std::string typed_;  // read from standard input, and not yet handed out
  bool ended_ = false;
};

}  // namespace mps::app
