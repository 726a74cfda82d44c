#include "telegram/poller.h"

#include <algorithm>

#include "base/log.h"

namespace mps::telegram {
namespace {

// After a week of silence Telegram may number updates from a new random place: only ids a little below the offset are
// repetitions.
constexpr int64_t kRepetitionSpan = 100'000;
// A server that answers "nothing yet" at once, against the protocol, must not make us spin.
constexpr auto kEmptyPollMin = std::chrono::milliseconds(250);

}  // namespace

Poller::Poller(BotApiOptions api, PollerOptions options, OffsetStore& offsets, Clock& clock, Handler handler)
    : options_(options),
      offsets_(offsets),
      clock_(clock),
      handler_(std::move(handler)),
      api_(std::move(api), &stopping_),
      backoff_(options.backoff_min),
      random_(options.jitter_seed),
      thread_([this](std::stop_token stop) { run(stop); }) {}

Poller::~Poller() {
  stopping_ = true;
  thread_.request_stop();
  thread_.join();
}

std::optional<std::string> Poller::problem() const {
  const std::lock_guard lock(mutex_);
  if (!problem_) return std::nullopt;
  return problem_->description;
}

void Poller::run(std::stop_token stop) {
  if (const auto saved = offsets_.load()) {
    offset_ = *saved;
  } else {
    log::error("The place in Telegram's updates can't be read ({}): some may be handled twice", saved.error().message);
  }
  while (!stop.stop_requested()) poll_once(stop);
}

void Poller::poll_once(std::stop_token stop) {
  const auto begin = steady_now();
  const auto updates = api_.get_updates(offset_, options_.wait);
  if (!updates) return note_failure(updates.error(), stop);
  note_success();
  handle(*updates);
  if (updates->empty() && options_.wait.count() > 0 && steady_now() - begin < kEmptyPollMin)
    clock_.sleep_for(kEmptyPollMin, stop);
}

void Poller::handle(const std::vector<Update>& updates) {
  for (const Update& update : updates) {
    if (stopping_) return;
    if (is_repeated(update)) continue;
    offset_ = update.id + 1;
    if (const auto saved = offsets_.save(offset_); !saved)
      log::error("The place in Telegram's updates can't be saved: {}", saved.error().message);
    handler_(update);
  }
}

bool Poller::is_repeated(const Update& update) const {
  return update.id < offset_ && update.id >= offset_ - kRepetitionSpan;
}

void Poller::note_failure(const ApiError& error, std::stop_token stop) {
  if (error.kind == ApiErrorKind::kStopped) return;
  bool is_new = false;
  {
    const std::lock_guard lock(mutex_);
    is_new = !problem_ || problem_->kind != error.kind;
    problem_ = error;
  }
  if (is_new) log::warn("Telegram: {}. Trying again until it works.", error.description);
  // A webhook that somebody set for this bot takes all updates away from us.
  if (error.kind == ApiErrorKind::kConflict && error.description.find("webhook") != std::string::npos)
    static_cast<void>(api_.delete_webhook());
  clock_.sleep_for(std::max(next_backoff(), error.retry_after.value_or(Duration::zero())), stop);
}

void Poller::note_success() {
  backoff_ = options_.backoff_min;
  const std::lock_guard lock(mutex_);
  if (problem_) log::info("Telegram answers again.");
  problem_.reset();
}

Duration Poller::next_backoff() {
  const double share = std::uniform_real_distribution(0.5, 1.0)(random_);
  const auto delay = std::chrono::duration_cast<Duration>(backoff_ * share);
  backoff_ = std::min(backoff_ * 2, options_.backoff_max);
  return delay;
}

}  // namespace mps::telegram
