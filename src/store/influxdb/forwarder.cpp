#include "store/influxdb/forwarder.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/log.h"
#include "store/influxdb/influx_names.h"

namespace mps::store {
namespace {

constexpr size_t kPointsPerPiece = 5000;

}  // namespace

Duration retry_delay(const ForwarderOptions& options, int failures, std::optional<Duration> asked, double random) {
  Duration delay = options.retry_first;
  for (int i = 1; i < failures && delay < options.retry_max; ++i) delay *= 2;
  delay = std::min(delay, options.retry_max);
  delay -= std::chrono::duration_cast<Duration>(delay * (random / 2));
  return std::max(delay, asked.value_or(Duration::zero()));
}

Forwarder::Forwarder(const ForwarderOptions& options, InfluxTarget target, ForwardState& state, FieldTypes& types,
                     Clock& clock)
    : options_(options),
      state_(state),
      clock_(clock),
      client_(std::move(target), &stopping_),
      sender_(client_, types),
      random_(std::random_device()()) {
  stats_.target = client_.target().shown();
  stats_.as_of = clock_.now();
}

Forwarder::~Forwarder() {
  stop();
}

void Forwarder::start(JournalReader reader, int64_t position, Timestamp as_of) {
  reader_ = std::move(reader);
  position_ = position;
  wake();
  stats_.as_of = as_of;
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

void Forwarder::stop() {
  stopping_ = true;
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  changed_.notify_all();
}

void Forwarder::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (sent_wakes_ == wakes_) stats_.as_of = clock_.now();  // nothing waited until now
    ++wakes_;
  }
  changed_.notify_all();
}

bool Forwarder::wait_until_sent() {
  std::unique_lock lock(mutex_);
  const uint64_t wanted = wakes_;
  changed_.wait(lock, [&] { return sent_wakes_ >= wanted || stopping_; });
  return sent_wakes_ >= wanted;
}

ForwardingStats Forwarder::stats() const {
  const std::lock_guard lock(mutex_);
  ForwardingStats stats = stats_;
  stats.behind = sent_wakes_ < wakes_;
  if (!stats.behind) {
    stats.as_of = clock_.now();
    stats.samples_waiting = stats.bytes_waiting = 0;
  }
  return stats;
}

void Forwarder::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    uint64_t seen;
    {
      const std::lock_guard lock(mutex_);
      seen = wakes_;
    }
    switch (round()) {
      case Round::kAgain:
        continue;
      case Round::kFailed: {
        const double random =
            static_cast<double>(random_() - random_.min()) / (static_cast<double>(random_.max() - random_.min()) + 1);
        if (!clock_.sleep_for(retry_delay(options_, failures_, asked_, random), stop)) return;
        continue;
      }
      case Round::kIdle:
        break;
    }
    {
      std::unique_lock lock(mutex_);
      sent_wakes_ = seen;
      changed_.notify_all();
      if (!changed_.wait(lock, stop, [&] { return wakes_ != seen; })) return;
    }
    if (options_.linger > Duration::zero() && !clock_.sleep_for(options_.linger, stop)) return;
  }
}

Forwarder::Round Forwarder::fail(const std::string& reason, std::optional<Duration> retry_after) {
  ++failures_;
  asked_ = retry_after;
  count_waiting();
  const std::lock_guard lock(mutex_);
  ++stats_.retries;
  stats_.last_error_at = clock_.now();
  if (stats_.trouble.empty() && !stopping_) log::warn("samples wait for InfluxDB: {}", reason);
  stats_.trouble = reason;
  return Round::kFailed;
}

// What has come since the last look.
void Forwarder::count_waiting() {
  const Timestamp now = clock_.now();
  const auto more = reader_->amount_after(std::max(position_.load(), backlog_.counted_to()));
  if (more) backlog_.add(*more, now);
  const std::lock_guard lock(mutex_);
  stats_.samples_waiting = backlog_.waiting().samples;
  stats_.bytes_waiting = backlog_.waiting().bytes;
}

Forwarder::Round Forwarder::round() {
  if (const Round result = send_removals(); result == Round::kFailed) return result;
  const Timestamp read_at = clock_.now();
  const auto piece = reader_->read_after(position_, kPointsPerPiece);
  if (!piece) return fail(piece.error().message);
  if (piece->last_seq == 0) {
    backlog_.clear();
    if (failures_ > 0) note_sent({}, {});
    return Round::kIdle;
  }
  // A server that was removed while the piece was read: what came of it later must not go with it.
  const auto removals = state_.removals();
  if (!removals) return fail(removals.error().message);
  for (const auto& removal : *removals) {
    if (removal.ready) return Round::kAgain;
  }
  const SendOutcome outcome = send(*piece);
  if (!outcome.taken) return fail(outcome.reason, outcome.retry_after);
  if (const auto kept = note_position(*piece, read_at); !kept) return fail(kept.error().message);
  note_sent(*piece, outcome);
  if (piece->more && backlog_.counted_to() <= position_) count_waiting();
  return Round::kAgain;
}

// Remembers that the piece, which was read then, is in InfluxDB.
Result<void> Forwarder::note_position(const JournalPiece& piece, Timestamp read_at) {
  Timestamp as_of = read_at;
  {
    const std::lock_guard lock(mutex_);
    const Timestamp of_looks = backlog_.sent(piece.last_seq, piece.read, stats_.as_of);
    if (piece.more) as_of = of_looks;
  }
  MPS_TRY_VOID(state_.set_position(piece.last_seq, as_of));
  position_ = piece.last_seq;
  const std::lock_guard lock(mutex_);
  stats_.as_of = as_of;
  return {};
}

void Forwarder::note_sent(const JournalPiece& piece, const SendOutcome& outcome) {
  if (failures_ > 0) log::info("InfluxDB takes samples again");
  failures_ = 0;
  asked_.reset();
  const std::lock_guard lock(mutex_);
  stats_.samples_sent += piece.samples - outcome.refused;
  stats_.samples_rejected += outcome.refused;
  stats_.batches_sent += outcome.requests;
  if (outcome.refused > 0) stats_.last_error_at = clock_.now();
  stats_.trouble.clear();
  if (piece.last_seq != 0) stats_.reached_at = steady_now();
  stats_.samples_waiting = backlog_.waiting().samples;
  stats_.bytes_waiting = backlog_.waiting().bytes;
}

SendOutcome Forwarder::send(const JournalPiece& piece) {
  std::vector<InfluxLine> lines;
  lines.reserve(piece.points.size());
  for (const JournalPoint& point : piece.points) {
    const GroupNames& names = reader_->names(point.group);
    InfluxLine& line = lines.emplace_back(InfluxLine{names.server, &names.key, point.time, {}});
    for (const auto& [column, value] : point.fields) line.fields.emplace_back(&names.columns[column], value);
  }
  return sender_.send(lines);
}

Forwarder::Round Forwarder::send_removals() {
  const auto removals = state_.removals();
  if (!removals) return fail(removals.error().message);
  for (const auto& removal : *removals) {
    if (!removal.ready) continue;
    reader_->forget_names();
    const auto done = client_.remove_series(kServerTag, client_.target().server_tag(removal.server));
    if (!done && done.error().code == ErrorCode::kInvalidArgument) {
      log::error("server {} stays in InfluxDB: {}", static_cast<int64_t>(removal.server), done.error().message);
    } else if (!done && done.error().code != ErrorCode::kNotFound) {  // no such database: nothing to remove
      return fail(done.error().message);
    }
    if (const auto ended = state_.end_removal(removal.id); !ended) return fail(ended.error().message);
  }
  return Round::kAgain;
}

}  // namespace mps::store
