#pragma once

#include <cstdint>
#include <set>

#include "service/hub.h"

namespace mps::telegram {

// The setting with the number of the next update: Poller and SeenUpdates keep it alike, so that a hub may change
// between asking for updates and having them delivered.
inline constexpr const char* kUpdateOffset = "telegram.offset";

// Which updates were handled, in the catalog: each is once, across restarts, in whatever order they are delivered, and
// however often. One that comes late counts as new while it is among the last kGapsMax that were left out. One thread.
class SeenUpdates {
 public:
  static constexpr size_t kGapsMax = 64;

  explicit SeenUpdates(service::Hub& hub);

  // True where it is to be handled: it is written down as handled then. What can't be written is handled all the same,
  // and stands in the log.
  bool take(int64_t id);

 private:
  bool is_new(int64_t id);
  void save();

  service::Hub& hub_;
  int64_t next_ = 0;  // 0: nothing ever came
  std::set<int64_t> gaps_, saved_gaps_;
};

}  // namespace mps::telegram
