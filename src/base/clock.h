#pragma once

#include <chrono>
#include <stop_token>

// The only door to the time of day and to sleeping. Everything else gets a Clock& through its constructor.
namespace mps {

using Duration = std::chrono::nanoseconds;
using Timestamp = std::chrono::sys_time<Duration>;  // UTC

class Clock {
 public:
  virtual ~Clock() = default;

  virtual Timestamp now() const = 0;

  // Waits until `when`, or until `stop` is requested. True when the time has come, false when stopped.
  virtual bool sleep_until(Timestamp when, std::stop_token stop) = 0;

  bool sleep_for(Duration duration, std::stop_token stop) { return sleep_until(now() + duration, stop); }
};

// Thread-safe.
class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  bool sleep_until(Timestamp when, std::stop_token stop) override;
};

// Monotonic time, for measuring how long something took.
std::chrono::steady_clock::time_point steady_now();

}  // namespace mps
