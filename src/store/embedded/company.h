#pragma once

#include <chrono>
#include <cstddef>

#include "base/clock.h"

namespace mps::store {

// Whether a commit waits for company. Senders that wait for their answers send again as soon as they have them: after a
// commit that carried many requests about as many come back within a moment, to those that came while it was written;
// and one commit for all of them costs a fraction of one for each handful. So the next commit waits until all are
// there, but not for long. Whoever was alone, or comes after a pause, never waits. Pure.
class Company {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // From the answers of one commit; more than a sender needs to come back, less than a person or an agent notices.
  static constexpr std::chrono::milliseconds kWaitMax{5};

  // A commit carried `requests`, whose senders had their answers at `now`; so many others were waiting by then.
  void committed(size_t requests, size_t waiting, Time now) {
    wanted_ = requests > 1 ? requests + waiting : requests;
    until_ = now + kWaitMax;
  }

  // The next commit is to begin with so many requests, or at until() with what there is. 0 and 1: with the first.
  size_t wanted() const { return wanted_; }
  Time until() const { return until_; }

 private:
  size_t wanted_ = 0;
  Time until_{};
};

}  // namespace mps::store
