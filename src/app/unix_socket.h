#pragma once

#include <filesystem>
#include <sys/un.h>

#include "base/error.h"

namespace mps::app {

// Fails with kInvalidArgument for a path over the system's 107 bytes.
Result<sockaddr_un> unix_address(const std::filesystem::path& path);

}  // namespace mps::app
