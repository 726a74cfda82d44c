#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agent/tick.h"

namespace mps::agent {

// /proc/diskstats -> diskio,name=sda[,wwid=]: the counters reads, writes, read_bytes, write_bytes (sectors of 512),
// read_time, write_time, io_time, weighted_io_time (ms), merged_reads, merged_writes; iops_in_progress; and, from the
// second call on, io_util (percent of the time between the calls), io_await and io_svctm (ms per operation, where there
// were any). Devices whose figures are all 0 are skipped, as are rates across a reset of the counters.
class DiskioCollector {
 public:
  // `wwid` tells the world-wide name of a device, "" where it has none.
  void collect(std::string_view diskstats, Timestamp now, const std::function<std::string(std::string_view)>& wwid,
               Tick& tick);

 private:
  struct Counters {  // in the order of the file
    uint64_t reads = 0, merged_reads = 0, sectors_read = 0, read_time = 0;
    uint64_t writes = 0, merged_writes = 0, sectors_written = 0, write_time = 0;
    uint64_t in_progress = 0, io_time = 0, weighted_io_time = 0;
    friend bool operator==(const Counters&, const Counters&) = default;
  };

  static Counters parse(std::string_view line);
  void report_rates(const Counters& now, const Counters& before, Duration elapsed, Tick& tick) const;

  std::map<std::string, Counters, std::less<>> last_;
  std::optional<Timestamp> last_time_;
};

}  // namespace mps::agent
