#pragma once

#include <spdlog/spdlog.h>

// One log, on standard error: journald and Docker collect it there. Never log a token.
namespace mps::log {

using spdlog::debug;
using spdlog::error;
using spdlog::info;
using spdlog::warn;

// `level`: trace, debug, info, warn, err, off. Call once at start.
void start(const std::string& level);

}  // namespace mps::log
