#pragma once

#include <cstdint>
#include <string_view>

#include "agent/tick.h"

namespace mps::agent {

// /proc/PID/stat of every process -> processes: running, sleeping, blocked, zombies, stopped, dead, paging, idle,
// unknown, total, total_threads; parked only where one was seen. Nothing where there was none (no /proc).
class ProcessCounts {
 public:
  // One process. A text that is no stat file (the process is gone) is not counted.
  void add(std::string_view stat);
  void report(Tick& tick) const;

 private:
  int64_t& count_of(char state);

  int64_t running_ = 0, sleeping_ = 0, blocked_ = 0, zombies_ = 0, stopped_ = 0, dead_ = 0, paging_ = 0, idle_ = 0,
          parked_ = 0, unknown_ = 0, total_ = 0, threads_ = 0;
};

}  // namespace mps::agent
