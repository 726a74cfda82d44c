#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

// What a shell and a running hub say to each other over the socket in the data folder.
// frame := type:u8 length:u32 little endian payload
namespace mps::app {

enum class FrameType : uint8_t {
  kArguments = 'A',  // shell -> hub: one argument a line feed; once, first
  kTerminal = 'T',   // shell -> hub: "1" where a person looks at standard error; once, second
  kOut = 'o',        // hub -> shell: text for standard output
  kErr = 'e',        // hub -> shell: text for standard error
  kRead = 'r',       // hub -> shell: path; answered by kContent or kFailed
  kWrite = 'w',      // hub -> shell: path, NUL, content; answered by kDone or kFailed
  kLine = 'l',       // hub -> shell: milliseconds; answered by kContent (a typed line), kNothing, kEnd or kFailed
  kContent = 'c',
  kDone = 'd',
  kNothing = 'n',  // nobody typed anything meanwhile
  kEnd = 'z',      // nor will they
  kFailed = 'f',   // error code as one byte, then the message
  kExit = 'x',     // hub -> shell: exit code as one digit; last
};

struct ControlFrame {
  FrameType type;
  std::string payload;
};

// Blocking. Fails with kUnavailable when the other side is gone, kLimitExceeded over 1 GiB.
Result<void> send_frame(int fd, FrameType type, std::string_view payload);
Result<ControlFrame> receive_frame(int fd);

}  // namespace mps::app
