#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/collectors.h"
#include "base/clock.h"
#include "base/error.h"

namespace mps::agent {

struct Options {
  std::string hub;
  std::string token;
  Duration interval = std::chrono::seconds(10);
  bool once = false;
  bool to_stdout = false;
  std::string hostname;  // "": the machine has no name; then no host tag
  Roots roots;
  size_t buffer_bytes = 8 << 20;
  bool help = false;
  bool version = false;
};

// Looks up a variable of the environment; nothing where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// From the command line (without the program's name), then the environment: --token-file is MPS_AGENT_TOKEN_FILE, and
// so on; --hub and --token are MPS_HUB and MPS_TOKEN too. The token file is read here. Fails with kInvalidArgument, or
// with what reading the file failed with; what is missing is only told where neither --help nor --version is asked for.
Result<Options> parse_options(std::span<const char* const> arguments, const Environment& environment);

// What --help prints.
std::string usage();

}  // namespace mps::agent
