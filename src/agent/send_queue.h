#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace mps::agent {

// Ticks that the hub has not confirmed, oldest first, as gzip members: a body of several ticks is their concatenation
// (RFC 1952, 2.2). Bounded by bytes. One thread.
class SendQueue {
 public:
  explicit SendQueue(size_t bytes_max) : bytes_max_(bytes_max) {}

  // Adds the newest tick. Where the queue would pass its bound, the oldest go first; a tick that is larger than the
  // bound alone is not kept. Returns how many were lost.
  size_t push(std::string gzipped_tick);

  // The oldest ticks, at most `ticks_max` of them and `bytes_max` bytes (but always one), as one body.
  struct Batch {
    std::string body;
    size_t ticks = 0;
  };
  Batch front(size_t ticks_max, size_t bytes_max) const;
  void pop(size_t ticks);

  bool empty() const { return ticks_.empty(); }
  size_t size() const { return ticks_.size(); }
  size_t bytes() const { return bytes_; }
  // Of all times, thrown away by push.
  uint64_t dropped() const { return dropped_; }

 private:
  const size_t bytes_max_;
  std::deque<std::string> ticks_;
  size_t bytes_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace mps::agent
