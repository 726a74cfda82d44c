#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include "agent/collectors.h"
#include "agent/notices.h"
#include "agent/options.h"
#include "agent/pusher.h"
#include "base/clock.h"

namespace mps::agent {

// When the tick after `now` is due: at the next whole multiple of `interval` since 1970, so that all agents tick
// together.
Timestamp next_tick(Timestamp now, Duration interval);
// The stamp of a tick that was collected at `now`: the nearest multiple of `interval`, as Telegraf rounds.
Timestamp tick_stamp(Timestamp now, Duration interval);

// The exit codes of every program of this project.
enum ExitCode { kDone = 0, kFailed = 1, kWrongUse = 2 };

// Collects and pushes until `stop` is requested, then tries once more to empty the buffer; or, with --once, once.
class Agent {
 public:
  // `print` gets line protocol where --stdout was given; `send` is asked to push otherwise.
  Agent(const Options& options, Clock& clock, Notices& notices, Pusher::Send send,
        std::function<void(std::string_view)> print);

  ExitCode run(const std::stop_token& stop);

 private:
  void gather(Timestamp stamp);
  ExitCode run_once(const std::stop_token& stop);
  ExitCode run_for_ever(const std::stop_token& stop);
  // Sends what can be sent before `tick`; false when stopped.
  bool push_until(Timestamp tick, const std::stop_token& stop);

  const Options& options_;
  Clock& clock_;
  Collectors collectors_;
  Pusher pusher_;
  const std::function<void(std::string_view)> print_;
};

}  // namespace mps::agent
