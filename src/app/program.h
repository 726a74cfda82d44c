#pragma once

#include <string>
#include <vector>

namespace mps::app {

// The whole of `mps`. Returns the exit code: 0 done, 1 failed, 2 wrong use.
int run_program(const std::vector<std::string>& arguments);

}  // namespace mps::app
