#include "store/embedded/commit_queue.h"

#include "store/embedded/journal.h"

namespace mps::store {
namespace {

constexpr size_t kBufferKept = 4 << 20;
constexpr size_t kLargeRecord = 1 << 20;  // bytes: such a commit is worth its sync, whoever else comes

}  // namespace

bool CommitQueue::push(std::string_view request, Done& done) {
  bool wake;
  {
    const std::lock_guard lock(mutex_);
    if (!dones_.empty() && record_.size() + request.size() > bytes_max_) return false;
    if (dones_.empty()) begin_record(record_);
    append_request(record_, request);
    dones_.push_back(std::move(done));
    wake = awaited_ > 0 && ready(awaited_);
    if (wake) awaited_ = 0;
  }
  if (wake) changed_.notify_one();
  return true;
}

void CommitQueue::push_answer(Done done, Result<void> answer) {
  {
    const std::lock_guard lock(mutex_);
    answers_.emplace_back(std::move(done), std::move(answer));
    awaited_ = 0;
  }
  changed_.notify_one();
}

void CommitQueue::push_task(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    awaited_ = 0;
  }
  changed_.notify_one();
}

void CommitQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    awaited_ = 0;
  }
  changed_.notify_one();
}

// Whether the committer has a reason to wake.
bool CommitQueue::ready(size_t requests) const {
  const bool other = !answers_.empty() || !tasks_.empty() || stopped_;
  return other || dones_.size() >= requests || record_.size() >= kLargeRecord;
}

void CommitQueue::take(Work& work, bool poll, const Company& company) {
  if (work.record.capacity() > kBufferKept) work.record = std::string();
  work.record.clear();
  work.dones.clear();
  work.answers.clear();
  work.tasks.clear();
  std::unique_lock lock(mutex_);
  if (!poll) {
    std::cv_status status = std::cv_status::no_timeout;
    while (!ready(company.wanted()) && status == std::cv_status::no_timeout) {
      awaited_ = company.wanted();
      status = changed_.wait_until(lock, company.until());
    }
    while (!ready(1)) {
      awaited_ = 1;
      changed_.wait(lock);
    }
    awaited_ = 0;
  }
  std::swap(work.record, record_);
  std::swap(work.dones, dones_);
  std::swap(work.answers, answers_);
  std::swap(work.tasks, tasks_);
  work.stopped = stopped_;
}

}  // namespace mps::store
