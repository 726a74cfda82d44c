#include "agent/send_queue.h"

#include <cassert>

namespace mps::agent {

size_t SendQueue::push(std::string gzipped_tick) {
  bytes_ += gzipped_tick.size();
  ticks_.push_back(std::move(gzipped_tick));
  size_t lost = 0;
  for (; bytes_ > bytes_max_; ++lost) pop(1);
  dropped_ += lost;
  return lost;
}

SendQueue::Batch SendQueue::front(size_t ticks_max, size_t bytes_max) const {
  Batch batch;
  for (const std::string& tick : ticks_) {
    if (batch.ticks > 0 && (batch.ticks == ticks_max || batch.body.size() + tick.size() > bytes_max)) break;
    batch.body += tick;
    ++batch.ticks;
  }
  return batch;
}

void SendQueue::pop(size_t ticks) {
  assert(ticks <= ticks_.size());
  for (; ticks > 0; --ticks) {
    bytes_ -= ticks_.front().size();
    ticks_.pop_front();
  }
}

}  // namespace mps::agent
