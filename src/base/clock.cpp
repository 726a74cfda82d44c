#include "base/clock.h"

#include <condition_variable>
#include <mutex>

namespace mps {

Timestamp SystemClock::now() const {
  return std::chrono::system_clock::now();
}

bool SystemClock::sleep_until(Timestamp when, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  // The deadline is monotonic: a clock set back by an hour must not hold the loop for an hour.
  const auto deadline = steady_now() + (when - now());
  wake.wait_until(lock, stop, deadline, [] { return false; });
  return !stop.stop_requested();
}

std::chrono::steady_clock::time_point steady_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace mps
