#include <algorithm>
#include <set>

#include "service/forecast_times.h"
#include "service/forecasts.h"

namespace mps::service {
namespace {

constexpr Duration kAskedLately = std::chrono::hours(1);
constexpr Duration kRetryAfter = std::chrono::hours(1);  // of a stream that could not be started
constexpr size_t kStartsPerRound = 32;                   // streams and days ahead, each: a third of a second
constexpr size_t kDaysKeptMax = 1000;                    // servers whose day ahead is made before anybody asks
constexpr size_t kStartAgainAt = forecast::Stream::kCellsMax / 2;

}  // namespace

size_t Forecasts::renew(const std::vector<ServerId>& servers, const std::stop_token& stop) {
  size_t made = 0, starts = 0;
  std::set<KeptKey> keys;
  std::vector<ServerId> half_used;
  for (const ServerId server : servers) {
    if (stop.stop_requested()) return made;
    const bool warm = move_stream(server) || (starts < kStartsPerRound && start_stream(server) && ++starts > 0);
    if (!warm) continue;
    if (keys.size() < kDaysKeptMax) keys.insert({server, forecast::kDay});
    if (const auto state = streams_.state(server); state && state->added >= kStartAgainAt) half_used.push_back(server);
  }
  // Before they are used up, so that they are not all used up at once.
  for (size_t i = 0; i < half_used.size() && starts < kStartsPerRound; ++i) starts += start_stream(half_used[i]);
  made += starts;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const auto& entry) {
      return clock_.now() - entry.second.asked_at > kAskedLately && !keys.contains(entry.first);
    });
    for (const auto& [key, kept] : kept_) keys.insert(key);
  }
  size_t days = 0;
  for (const KeptKey& key : keys) {
    if (stop.stop_requested() || days == kStartsPerRound) break;
    if (needs_kept(key) && renew_kept(key)) ++days;
  }
  return made + days;
}

// Whether what is kept has been overtaken by a cell, or is not there.
bool Forecasts::needs_kept(const KeptKey& key) const {
  const auto& [server, horizon] = key;
  if (horizon == forecast::kHour && streams_.state(server)) return false;
  const auto closed = known_until(server, step_of(horizon));
  if (!closed) return false;
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  return found == kept_.end() || !is_current(found->second, *closed, step_of(horizon));
}

bool Forecasts::renew_kept(const KeptKey& key) {
  const auto& [server, horizon] = key;
  const auto closed = known_until(server, step_of(horizon));
  const Timestamp now = clock_.now();
  const auto recent = known_history(server, kForecastHistory);
  if (!closed || !recent) return false;
  auto views = make(model(server).get(), *recent, horizon);
  if (!views) return false;
  keep(key, {*closed, now, now, std::move(*views)}, false);
  return true;
}

// Brings the stream to the newest cell; false where there is none, or it was given up.
bool Forecasts::move_stream(ServerId server) {
  const auto state = streams_.state(server);
  const auto closed = known_until(server, forecast::kFineStep);
  if (!state || !closed) return false;
  // A cell that has just closed may still get samples.
  const Timestamp until = clock_.now() - *closed < kCellArrival ? *closed - forecast::kFineStep : *closed;
  if (until <= state->origin) return true;
  const auto model = this->model(server);
  const auto cells = query_.history(server, {state->origin, until}, forecast::kFineStep);
  if (model && cells && streams_.add(server, *model, *cells)) return true;
  streams_.erase(server);
  return false;
}

bool Forecasts::start_stream(ServerId server) {
  const auto barred = no_stream_before_.find(server);
  if (barred != no_stream_before_.end() && clock_.now() < barred->second) return false;
  const auto model = this->model(server);
  if (!model) return false;
  const auto recent = known_history(server, kForecastHistory);
  auto stream = recent ? forecast::Stream::start(*model, *recent) : recent.error();
  if (!stream) {
    no_stream_before_[server] = clock_.now() + kRetryAfter;
    return false;
  }
  no_stream_before_.erase(server);
  streams_.put(server, *model, std::move(*stream));
  return true;
}

}  // namespace mps::service
