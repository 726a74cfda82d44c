#include "agent/agent.h"

#include <algorithm>

namespace mps::agent {

using std::chrono::seconds;

Timestamp next_tick(Timestamp now, Duration interval) {
  const auto since = now.time_since_epoch();
  return Timestamp(since - since % interval + interval);
}

Timestamp tick_stamp(Timestamp now, Duration interval) {
  return next_tick(now - interval + interval / 2, interval);
}

Agent::Agent(const Options& options, Clock& clock, Notices& notices, Pusher::Send send,
             std::function<void(std::string_view)> print)
    : options_(options),
      clock_(clock),
      collectors_(options.roots, notices),
      pusher_({.buffer_bytes = options.buffer_bytes,
               .seed = static_cast<uint32_t>(clock.now().time_since_epoch().count() / 1000),
               .tries_again = !options.once},
              clock, notices, std::move(send)),
      print_(std::move(print)) {}

void Agent::gather(Timestamp stamp) {
  Tick tick(stamp, options_.hostname);
  collectors_.collect(clock_.now(), tick);
  const std::string lines = tick.lines();
  if (options_.to_stdout) {
    print_(lines);
  } else {
    pusher_.add(lines);
  }
}

ExitCode Agent::run(const std::stop_token& stop) {
  return options_.once ? run_once(stop) : run_for_ever(stop);
}

ExitCode Agent::run_once(const std::stop_token& stop) {
  Tick first(clock_.now(), options_.hostname);
  collectors_.collect(clock_.now(), first);  // for the rates of the second alone
  if (!clock_.sleep_for(seconds(1), stop)) return kFailed;
  gather(std::chrono::floor<seconds>(clock_.now()));
  if (options_.to_stdout) return kDone;
  return pusher_.flush_now() ? kDone : kFailed;
}

bool Agent::push_until(Timestamp tick, const std::stop_token& stop) {
  while (true) {
    pusher_.flush(tick);
    const Timestamp wake = std::min(tick, pusher_.next_attempt().value_or(tick));
    if (!clock_.sleep_until(wake, stop)) return false;
    if (wake == tick || clock_.now() >= tick) return true;
  }
}

ExitCode Agent::run_for_ever(const std::stop_token& stop) {
  Tick first(clock_.now(), options_.hostname);
  collectors_.collect(clock_.now(), first);  // Telegraf has no cpu line in its first tick; ours is never sent
  for (Timestamp tick = next_tick(clock_.now(), options_.interval); push_until(tick, stop);
       tick = next_tick(clock_.now(), options_.interval)) {
    gather(tick_stamp(clock_.now(), options_.interval));
  }
  if (!options_.to_stdout) pusher_.flush_now();
  return kDone;
}

}  // namespace mps::agent
