#pragma once

#include <condition_variable>
#include <mutex>

#include "base/clock.h"

namespace mps::testing {

// A clock that stands still until a test moves it. Thread-safe; sleepers wake when the time passes them.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Timestamp start = Timestamp(std::chrono::seconds(1'795'334'400))) : now_(start) {}

  Timestamp now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  bool sleep_until(Timestamp when, std::stop_token stop) override {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, stop, [&] { return now_ >= when; });
  }

  void advance(Duration duration) { set(now() + duration); }

  void set(Timestamp time) {
    {
      const std::lock_guard lock(mutex_);
      now_ = time;
    }
    changed_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  Timestamp now_;
};

}  // namespace mps::testing
