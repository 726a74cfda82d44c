#include "agent/pusher.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/gzip.h"
#include "base/text.h"

namespace mps::agent {
namespace {

constexpr std::string_view kHub = "hub";
constexpr std::string_view kBuffer = "buffer";

}  // namespace

Pusher::Pusher(PusherOptions options, Clock& clock, Notices& notices, Send send)
    : options_(options),
      clock_(clock),
      notices_(notices),
      send_(std::move(send)),
      queue_(options.buffer_bytes),
      backoff_(options.seed),
      ticks_max_(options.batch_ticks) {}

void Pusher::add(std::string_view lines) {
  if (lines.empty() || queue_.push(gzip(lines)) == 0) return;
  notices_.problem(kBuffer,
                   fmt::format("the buffer of {} is full: the oldest figures are dropped until the hub takes some",
                               format_bytes(static_cast<double>(options_.buffer_bytes))));
}

std::optional<Timestamp> Pusher::next_attempt() const {
  if (queue_.empty()) return std::nullopt;
  return not_before_;
}

bool Pusher::flush(Timestamp until) {
  while (!queue_.empty() && clock_.now() >= not_before_ && clock_.now() < until) {
    if (send_batch() == Step::kStop) break;
  }
  return queue_.empty();
}

bool Pusher::flush_now() {
  not_before_ = Timestamp{};
  while (!queue_.empty() && send_batch() == Step::kGoOn) {
  }
  return queue_.empty();
}

Pusher::Step Pusher::send_batch() {
  const SendQueue::Batch batch = queue_.front(ticks_max_, options_.batch_bytes);
  const Decision decision = decide(send_(batch.body));
  switch (decision.verdict) {
    case Verdict::kDelivered:
      queue_.pop(batch.ticks);
      notices_.solved(kHub, "the hub takes figures again");
      say_dropped();
      break;
    case Verdict::kDrop:
      drop(batch.ticks, decision.problem);
      break;
    case Verdict::kHalve:
      halve(batch.ticks, decision.problem);
      break;
    case Verdict::kKeep:
      notices_.problem(kHub, decision.problem + (options_.tries_again ? "; figures are kept meanwhile" : ""));
      not_before_ = clock_.now() + decision.wait.value_or(backoff_.next());
      return Step::kStop;
  }
  backoff_.reset();
  if (queue_.empty()) ticks_max_ = options_.batch_ticks;
  return Step::kGoOn;
}

void Pusher::drop(size_t ticks, const std::string& problem) {
  queue_.pop(ticks);
  notices_.problem(kHub, problem);
}

void Pusher::halve(size_t ticks, const std::string& problem) {
  notices_.problem(kHub, problem);
  if (ticks > 1) {
    ticks_max_ = ticks / 2;
    return;
  }
  drop(1, "the hub finds the figures of a single tick too large (413): they are dropped");
}

void Pusher::say_dropped() {
  if (queue_.dropped() == dropped_reported_) return;
  const uint64_t lost = queue_.dropped() - dropped_reported_;
  dropped_reported_ = queue_.dropped();
  notices_.solved(kBuffer, fmt::format("{} ticks were dropped while the hub could not be reached", lost));
}

}  // namespace mps::agent
