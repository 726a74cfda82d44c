#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include "base/clock.h"

namespace mps::testing {

// A clock for code that sleeps: sleeps take no time, the clock jumps to their end and remembers how far. Thread-safe.
class JumpingClock final : public Clock {
 public:
  Timestamp now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  bool sleep_until(Timestamp when, std::stop_token stop) override {
    const std::lock_guard lock(mutex_);
    slept_.push_back(when - now_);
    now_ = std::max(now_, when);
    return !stop.stop_requested();
  }

  std::vector<Duration> slept() const {
    const std::lock_guard lock(mutex_);
    return slept_;
  }

 private:
  mutable std::mutex mutex_;
  Timestamp now_{std::chrono::seconds(1'795'334'400)};
  std::vector<Duration> slept_;
};

}  // namespace mps::testing
