#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "agent/notices.h"
#include "agent/push_policy.h"
#include "agent/send_queue.h"
#include "base/clock.h"

namespace mps::agent {

struct PusherOptions {
  size_t buffer_bytes = 8 << 20;  // of gzipped ticks: five hours of a small machine at 10 s, and more
  size_t batch_ticks = 100;
  size_t batch_bytes = 512 << 10;
  uint32_t seed = 1;        // of the jitter
  bool tries_again = true;  // only for what the log says
};

// Keeps ticks until the hub has them: oldest first, in bounded batches, as push_policy.h decides. One thread.
class Pusher {
 public:
  // Sends one gzipped body: HubConnection::post, with its time-out.
  using Send = std::function<Result<Reply>(const std::string& gzipped)>;

  Pusher(PusherOptions options, Clock& clock, Notices& notices, Send send);

  void add(std::string_view lines);
  // Sends until nothing is left, the hub asks for patience, or `until` has come. True when nothing is left.
  bool flush(Timestamp until);
  // One attempt at what is left, however recently another failed: the last before the end.
  bool flush_now();
  // When flush will try again; nothing when there is nothing to send.
  std::optional<Timestamp> next_attempt() const;

  size_t waiting() const { return queue_.size(); }

 private:
  enum class Step { kGoOn, kStop };
  Step send_batch();
  void drop(size_t ticks, const std::string& problem);
  void halve(size_t ticks, const std::string& problem);
  void say_dropped();

  const PusherOptions options_;
  Clock& clock_;
  Notices& notices_;
  const Send send_;
  SendQueue queue_;
  Backoff backoff_;
  Timestamp not_before_{};
  size_t ticks_max_;  // halved by 413, until the queue is empty
  uint64_t dropped_reported_ = 0;
};

}  // namespace mps::agent
