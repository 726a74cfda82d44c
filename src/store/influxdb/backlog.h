#pragma once

#include <vector>

#include "metric/sample.h"
#include "store/influxdb/journal_reader.h"

namespace mps::store {

// What waits in the journal for InfluxDB: how much, and since when. Each record is counted once, however long it waits.
// No I/O; not thread-safe.
class Backlog {
 public:
  // Up to and with this record all has been counted or sent.
  int64_t counted_to() const { return counted_to_; }
  // Records after counted_to() were looked at, which were all that there were at `now`.
  void add(const JournalAmount& more, Timestamp now);
  // The records up to and with `last_seq` were sent; they were `amount`. The time up to which everything that was
  // acknowledged is sent: of the newest look that is sent as a whole; `as_of` where none is.
  Timestamp sent(int64_t last_seq, const JournalAmount& amount, Timestamp as_of);
  // Nothing waits.
  void clear() { waiting_ = {}; }

  const JournalAmount& waiting() const { return waiting_; }

 private:
  struct Look {
    int64_t seq;
    Timestamp at;
  };
  int64_t counted_to_ = 0;
  JournalAmount waiting_;    // of the records up to counted_to_
  std::vector<Look> looks_;  // oldest first; of many only some, `spacing_` apart
  Duration spacing_{};
};

}  // namespace mps::store
