#include "gateway/send_batch.h"

#include <algorithm>
#include <cerrno>
#include <liburing.h>
#include <sys/socket.h>

namespace mps::gateway {
namespace {

constexpr size_t kAtOnce = 128;

}  // namespace

struct SendBatch::Ring : io_uring {};

SendBatch::SendBatch(bool allowed) {
  if (!allowed) return;
  auto ring = std::make_unique<Ring>();
  if (io_uring_queue_init(kAtOnce, ring.get(), 0) == 0) ring_ = std::move(ring);
}

SendBatch::~SendBatch() {
  if (ring_) io_uring_queue_exit(ring_.get());
}

void SendBatch::send(std::span<Message> messages) {
  while (ring_ && !messages.empty()) {
    const auto now = messages.first(std::min(kAtOnce, messages.size()));
    if (!send_some(now)) {  // out of memory, at most: what was not handed over must not go out later
      io_uring_queue_exit(ring_.get());
      ring_.reset();
    }
    messages = messages.subspan(now.size());
  }
}

// False when the kernel did not take all of them; what it took has ended.
bool SendBatch::send_some(std::span<Message> messages) {
  for (Message& message : messages) {
    io_uring_sqe* const entry = io_uring_get_sqe(ring_.get());
    io_uring_prep_send(entry, message.socket, message.bytes.data(), message.bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    io_uring_sqe_set_data(entry, &message);
  }
  size_t taken = 0;
  while (taken < messages.size()) {
    const int more = io_uring_submit(ring_.get());
    if (more == -EINTR) continue;
    if (more <= 0) break;
    taken += static_cast<size_t>(more);
  }
  // Nothing waits for its socket, so that all have ended by now.
  for (size_t ended = 0; ended < taken;) {
    io_uring_cqe* result = nullptr;
    const int failure = io_uring_wait_cqe(ring_.get(), &result);
    if (failure == -EINTR) continue;
    if (failure != 0) return false;
    if (result->res > 0) static_cast<Message*>(io_uring_cqe_get_data(result))->sent = static_cast<size_t>(result->res);
    io_uring_cqe_seen(ring_.get(), result);
    ++ended;
  }
  return taken == messages.size();
}

}  // namespace mps::gateway
