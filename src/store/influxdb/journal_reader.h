#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "metric/series_key.h"
#include "store/embedded/database.h"
#include "store/embedded/group.h"

namespace mps::store {

// Samples of one server with the same measurement, tags and time.
struct JournalPoint {
  GroupId group;
  int64_t time;
  std::vector<std::pair<uint32_t, Value>> fields;  // column of the group, value; a column once
};

struct GroupNames {
  ServerId server{};
  SeriesKey key;  // without a field
  std::vector<std::string> columns;
};

// Some records of the journal, as they stand there: repeated samples count each time.
struct JournalAmount {
  int64_t last_seq = 0;  // of the last of them; 0 where there are none
  uint64_t samples = 0, bytes = 0;
};

// A piece of the journal: of each (series, time) what was written last in it.
struct JournalPiece {
  int64_t last_seq = 0;  // the position after it; 0 where there was nothing
  JournalAmount read;    // what it was made of
  size_t samples = 0;    // in `points`
  std::vector<JournalPoint> points;
  bool more = false;  // the journal goes on
};

// Reads the journal of an embedded store beside it, over a connection of its own. Not thread-safe.
class JournalReader {
 public:
  // Fails with kIo.
  static Result<JournalReader> open(const std::filesystem::path& path);

  // The records after `seq`, until `points_max` are reached (one record may pass that). Samples of servers that were
  // removed, and records that are damaged, are left out; the latter are logged. Fails with kIo.
  Result<JournalPiece> read_after(int64_t seq, size_t points_max);

  // The names of a group of the last piece.
  const GroupNames& names(GroupId group) const { return groups_.at(group); }
  // Of servers that were removed, names may be kept here: call this before the next piece.
  void forget_names() { groups_.clear(); }

  struct Extent {
    int64_t first = 0;  // seq of the first record that is there; 0 where there is none
    int64_t last = 0;   // the newest that was ever written
  };
  Result<Extent> extent();
  // How much is after `seq`. Reads and decodes all of it. Fails with kIo.
  Result<JournalAmount> amount_after(int64_t seq);

 private:
  Result<const GroupNames*> find_group(GroupId group, size_t columns);

  Database database_;
  Statement select_, select_group_;
  std::map<GroupId, GroupNames> groups_;
};

}  // namespace mps::store
