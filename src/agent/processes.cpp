#include "agent/processes.h"

#include "agent/scan.h"

namespace mps::agent {

int64_t& ProcessCounts::count_of(char state) {
  switch (state) {
    case 'R':
      return running_;
    case 'S':
      return sleeping_;
    case 'D':
      return blocked_;
    case 'Z':
      return zombies_;
    case 'T':
    case 't':
      return stopped_;
    case 'X':
    case 'x':
      return dead_;
    case 'W':
      return paging_;
    case 'I':
      return idle_;
    case 'P':
      return parked_;
    default:
      return unknown_;
  }
}

void ProcessCounts::add(std::string_view stat) {
  const size_t name_end = stat.rfind(')');  // the name itself may hold blanks and parentheses
  if (name_end == std::string_view::npos) return;
  stat.remove_prefix(name_end + 1);
  const std::string_view state = take_word(stat);
  if (state.empty()) return;
  ++count_of(state[0]);
  ++total_;
  constexpr int kBetweenStateAndThreads = 16;
  for (int i = 0; i < kBetweenStateAndThreads; ++i) take_word(stat);
  threads_ += static_cast<int64_t>(take_number(stat));
}

void ProcessCounts::report(Tick& tick) const {
  if (total_ == 0) return;
  tick.begin("processes");
  tick.integer("running", running_);
  tick.integer("sleeping", sleeping_);
  tick.integer("blocked", blocked_);
  tick.integer("zombies", zombies_);
  tick.integer("stopped", stopped_);
  tick.integer("dead", dead_);
  tick.integer("paging", paging_);
  tick.integer("idle", idle_);
  if (parked_ > 0) tick.integer("parked", parked_);
  tick.integer("unknown", unknown_);
  tick.integer("total", total_);
  tick.integer("total_threads", threads_);
}

}  // namespace mps::agent
