#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "telegram/types.h"

namespace mps::telegram {

// A few threads that do the work of many chats: what belongs to one chat is done one after the other and in order, what
// belongs to different chats side by side, so that one chat's slow picture does not hold up the rest. Thread-safe.
class ChatWorkers {
 public:
  using Task = std::function<void()>;

  // `niceness`: how far the threads stand back behind others where processors are short, as nice(1) counts it.
  explicit ChatWorkers(size_t threads, int niceness = 0);
  // Waits for the tasks that have begun; drops those that have not.
  ~ChatWorkers();
  ChatWorkers(const ChatWorkers&) = delete;
  ChatWorkers& operator=(const ChatWorkers&) = delete;

  // False, and nothing done, where the chat has kPerChatMax tasks waiting: somebody leans on a button.
  bool post(ChatId chat, Task task);

  // Waits until nothing is left to do, `patience` at most. True when nothing is.
  bool finish(Duration patience);

  static constexpr size_t kPerChatMax = 16;

 private:
  void run(std::stop_token stop, int niceness);

  std::mutex mutex_;
  std::condition_variable_any work_, idle_;
  std::unordered_map<int64_t, std::deque<Task>> waiting_;  // a chat is here while it waits or is worked on
  std::deque<int64_t> ready_;                              // chats with work that nobody has begun
  std::vector<std::jthread> threads_;
};

}  // namespace mps::telegram
