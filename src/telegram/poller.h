#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "base/clock.h"
#include "telegram/bot_api.h"
#include "telegram/update.h"

namespace mps::telegram {

// Where the next update to ask for outlives a restart.
class OffsetStore {
 public:
  virtual ~OffsetStore() = default;
  // 0 where nothing was ever saved.
  virtual Result<int64_t> load() = 0;
  virtual Result<void> save(int64_t offset) = 0;
};

struct PollerOptions {
  std::chrono::seconds wait{50};  // how long Telegram may hold a poll that finds nothing
  Duration backoff_min = std::chrono::seconds(1);
  Duration backoff_max = std::chrono::minutes(1);
  uint64_t jitter_seed = std::random_device{}();
};

// Receives the updates of a bot by long polling, on a thread of its own, for as long as it lives.
//
// The handler is called on that thread, once per update and in the order of their ids; it should hand long work to
// others. The offset is saved before the handler runs, so that a crash in the middle of an update loses it rather than
// repeats what it did. Failures are waited out with a growing, jittered delay, and logged when they begin, change and
// end.
class Poller {
 public:
  using Handler = std::function<void(const Update&)>;

  // `offsets` and `clock` must outlive this.
  Poller(BotApiOptions api, PollerOptions options, OffsetStore& offsets, Clock& clock, Handler handler);
  ~Poller();  // within about a second, even in the middle of a poll
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // What keeps us from receiving, for /health and for people; nothing while all is well. Thread-safe.
  std::optional<std::string> problem() const;

 private:
  void run(std::stop_token stop);
  void poll_once(std::stop_token stop);
  void handle(const std::vector<Update>& updates);
  bool is_repeated(const Update& update) const;
  void note_failure(const ApiError& error, std::stop_token stop);
  void note_success();
  Duration next_backoff();

  PollerOptions options_;
  OffsetStore& offsets_;
  Clock& clock_;
  Handler handler_;
  std::atomic<bool> stopping_ = false;
  BotApi api_;
  int64_t offset_ = 0;
  Duration backoff_;
  std::mt19937_64 random_;
  mutable std::mutex mutex_;
  std::optional<ApiError> problem_;
  std::jthread thread_;
};

}  // namespace mps::telegram
