#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "metric/sample.h"
#include "store/embedded/head_stream.h"
#include "store/embedded/journal.h"
#include "store/sample_store.h"

namespace mps::store {

// The newest two samples of a series, whatever the order in which samples come.
struct NewestTwo {
  static constexpr int64_t kNone = std::numeric_limits<int64_t>::min();
  int64_t times[2] = {kNone, kNone};  // the newest first
  uint64_t bits[2] = {0, 0};
  ValueType types[2] = {ValueType::kFloat, ValueType::kFloat};
  uint32_t late = 0;  // samples that came after a newer one, or changed the newest

  void see(int64_t time, Value value) {
    if (time < times[0] || (time == times[0] && (bits[0] != value.bits() || types[0] != value.type()))) ++late;
    if (time > times[0]) {
      times[1] = times[0], bits[1] = bits[0], types[1] = types[0];
      set(0, time, value);
    } else if (time == times[0]) {
      set(0, time, value);
    } else if (time >= times[1]) {
      set(1, time, value);
    }
  }
  bool has(int i) const { return times[i] != kNone; }
  Sample sample(int i) const { return {Timestamp(Duration(times[i])), Value::from_bits(types[i], bits[i])}; }

 private:
  void set(int i, int64_t time, Value value) { times[i] = time, bits[i] = value.bits(), types[i] = value.type(); }
};

// One series: a field of a group.
struct SeriesColumn {
  const std::string* name;  // interned
  NewestTwo newest;
};

struct Server;

// What lines of one server with the same measurement and tags fill: a table whose columns are the fields, whose rows
// are the times.
struct Group {
  GroupId id = 0;
  Server* server = nullptr;
  std::string key;  // measurement, then name and value of each tag but `host`: varint length and bytes of each
  std::vector<SeriesColumn> columns;
  HeadStream head;
};

struct Server {
  ServerId id{};
  std::vector<Group*> groups;
  size_t series = 0;
  int64_t last_seen = NewestTwo::kNone;
  std::map<std::string, Attribute, std::less<>> attributes;
  // Half-weeks whose samples have changed since they were rolled up, each with the number of its last change.
  std::map<int64_t, uint64_t> rollup_due;
  int64_t sealed_seq = 0;      // the journal up to here is in chunks
  int64_t head_first_seq = 0;  // the first journal row with samples that are not; 0 where there are none
  Timestamp head_since{};      // when that came
  size_t head_bytes = 0;       // memory of the groups' heads, roughly
  size_t head_rows_max = 0;    // of its groups
};

}  // namespace mps::store
