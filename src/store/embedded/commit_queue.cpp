#include "store/embedded/commit_queue.h"

#include "store/embedded/journal.h"

namespace mps::store {
namespace {

constexpr size_t kBufferKept = 4 << 20;

}  // namespace

bool CommitQueue::push(std::string_view request, Done& done) {
  bool wake;
  {
    const std::lock_guard lock(mutex_);
    if (!dones_.empty() && record_.size() + request.size() > bytes_max_) return false;
    if (dones_.empty()) begin_record(record_);
    append_request(record_, request);
    dones_.push_back(std::move(done));
    wake = std::exchange(waiting_, false);
  }
  if (wake) changed_.notify_one();
  return true;
}

void CommitQueue::push_answer(Done done, Result<void> answer) {
  {
    const std::lock_guard lock(mutex_);
    answers_.emplace_back(std::move(done), std::move(answer));
    waiting_ = false;
  }
  changed_.notify_one();
}

void CommitQueue::push_task(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    waiting_ = false;
  }
  changed_.notify_one();
}

void CommitQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    waiting_ = false;
  }
  changed_.notify_one();
}

void CommitQueue::take(Work& work, bool poll) {
  if (work.record.capacity() > kBufferKept) work.record = std::string();
  work.record.clear();
  work.dones.clear();
  work.answers.clear();
  work.tasks.clear();
  std::unique_lock lock(mutex_);
  while (!poll && !anything()) {
    waiting_ = true;
    changed_.wait(lock);
  }
  std::swap(work.record, record_);
  std::swap(work.dones, dones_);
  std::swap(work.answers, answers_);
  std::swap(work.tasks, tasks_);
  work.stopped = stopped_;
}

}  // namespace mps::store
