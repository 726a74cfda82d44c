#pragma once

#include "agent/tick.h"

namespace mps::agent {

// For tests: a tick of web-01 at 2026-11-22T08:00:10Z.
inline Tick test_tick() {
  return Tick(Timestamp(std::chrono::seconds(1'795'334'410)), "web-01");
}
inline const char* const kTestTime = " 1795334410000000000\n";

}  // namespace mps::agent
