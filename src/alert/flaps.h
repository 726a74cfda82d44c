#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "base/clock.h"

namespace mps::alert {

inline constexpr size_t kFlapsMax = 4;  // beginnings and ends within kFlapWindow make an incident flap
inline constexpr Duration kFlapWindow = std::chrono::hours(1);
inline constexpr Duration kFlapCalm = std::chrono::minutes(30);  // without any of them: it has stopped flapping

// The newest times at which a condition began or ended. An incident that flaps is held open: people hear once that it
// does, and not of every end and beginning.
class Flaps {
 public:
  // A beginning or an end. True when it is the one that makes the incident flap.
  bool note(Timestamp time) {
    if (count_ == kFlapsMax) {
      std::shift_left(times_.begin(), times_.end(), 1);
      --count_;
    }
    times_[count_++] = time;
    if (since_ || count_ < kFlapsMax || time - times_.front() > kFlapWindow) return false;
    since_ = time;
    return true;
  }
  bool flapping() const { return since_.has_value(); }
  // Ends the flapping where nothing was noted for kFlapCalm; counting begins anew then.
  void calm_down(Timestamp now) {
    if (!since_ || (count_ > 0 && now - times_[count_ - 1] < kFlapCalm)) return;
    since_.reset();
    count_ = 0;
  }
  // Forgets what is later than `time`; returns how many beginnings and ends that were, kFlapsMax at most.
  int rewind(Timestamp time) {
    const size_t before = count_;
    while (count_ > 0 && times_[count_ - 1] > time) --count_;
    if (since_ && *since_ > time) since_.reset();
    return static_cast<int>(before - count_);
  }

 private:
  std::array<Timestamp, kFlapsMax> times_{};  // oldest first
  size_t count_ = 0;
  std::optional<Timestamp> since_;  // flapping
};

}  // namespace mps::alert
