#include "telegram/chat_workers.h"

#include <sys/resource.h>

namespace mps::telegram {

ChatWorkers::ChatWorkers(size_t threads, int niceness) {
  for (size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, niceness](std::stop_token stop) { run(stop, niceness); });
  }
}

ChatWorkers::~ChatWorkers() {
  for (auto& thread : threads_) thread.request_stop();
}

bool ChatWorkers::post(ChatId chat, Task task) {
  const auto key = static_cast<int64_t>(chat);
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = waiting_.try_emplace(key);
  if (entry->second.size() >= kPerChatMax) return false;
  entry->second.push_back(std::move(task));
  if (is_new) {
    ready_.push_back(key);
    work_.notify_one();
  }
  return true;
}

bool ChatWorkers::finish(Duration patience) {
  std::unique_lock lock(mutex_);
  return idle_.wait_for(lock, patience, [this] { return waiting_.empty(); });
}

void ChatWorkers::run(std::stop_token stop, int niceness) {
  if (niceness > 0) ::setpriority(PRIO_PROCESS, 0, niceness);  // on Linux: of this thread alone
  std::unique_lock lock(mutex_);
  while (work_.wait(lock, stop, [this] { return !ready_.empty(); })) {
    if (stop.stop_requested()) return;
    const int64_t chat = ready_.front();
    ready_.pop_front();
    auto& queue = waiting_.at(chat);
    const Task task = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    task();
    lock.lock();
    if (waiting_.at(chat).empty()) {
      waiting_.erase(chat);
      if (waiting_.empty()) idle_.notify_all();
    } else {
      ready_.push_back(chat);
      work_.notify_one();
    }
  }
}

}  // namespace mps::telegram
