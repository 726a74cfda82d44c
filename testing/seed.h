#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace mps::testing {

// Where a test's random numbers begin: always the same, so that what failed once fails again. MPS_TEST_SEED=NUMBER
// begins elsewhere. Put it into a SCOPED_TRACE.
inline uint32_t test_seed() {
  const char* const chosen = std::getenv("MPS_TEST_SEED");
  return chosen == nullptr ? 1 : static_cast<uint32_t>(std::stoul(chosen));
}

}  // namespace mps::testing
