#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/embedded/company.h"
#include "store/sample_store.h"

namespace mps::store {

// What waits for the one thread that commits. Producers add for a moment under a lock; the committer takes all there
// is, so that whatever gathered while one commit synced shares the next. Thread-safe.
class CommitQueue {
 public:
  using Done = SampleStore::Done;
  using Task = std::function<void()>;

  explicit CommitQueue(size_t bytes_max) : bytes_max_(bytes_max) {}

  // False when the queue is full; `done` is then left alone. An empty queue takes a request of any size.
  bool push(std::string_view request, Done& done);
  // For the committer to call back with an answer that is already known.
  void push_answer(Done done, Result<void> answer);
  // For the committer to run between commits.
  void push_task(Task task);
  void stop();              // what was pushed is still taken
  size_t waiting() const {  // requests
    const std::lock_guard lock(mutex_);
    return dones_.size();
  }

  struct Work {
    std::string record;  // a journal record without its end; empty when there are no requests
    std::vector<Done> dones;
    std::vector<std::pair<Done, Result<void>>> answers;
    std::vector<Task> tasks;
    bool stopped = false;
  };
  // Waits for work, and where that is requests alone, for the company that they are to have; but not where `poll`.
  // Reuses the memory of `work`.
  void take(Work& work, bool poll, const Company& company = {});

 private:
  bool ready(size_t requests) const;

  const size_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  size_t awaited_ = 0;  // the committer sleeps until there are so many requests, or anything else; 0: it is awake
  bool stopped_ = false;
  std::string record_;
  std::vector<Done> dones_;
  std::vector<std::pair<Done, Result<void>>> answers_;
  std::vector<Task> tasks_;
};

}  // namespace mps::store
