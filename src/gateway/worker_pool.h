#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mps::gateway {

// Threads for what may take longer than a moment (queries, forecasts), so that those which read sockets never wait.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  WorkerPool(int threads, size_t waiting_max);
  ~WorkerPool();  // waits for the tasks that are running; those that wait are dropped
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when `waiting_max` tasks are waiting already, or the pool has stopped: the task is not run. Thread-safe.
  bool run(Task task);
  size_t waiting() const;

 private:
  void work(std::stop_token stop);

  const size_t waiting_max_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Task> tasks_;
  std::vector<std::jthread> threads_;
};

}  // namespace mps::gateway
