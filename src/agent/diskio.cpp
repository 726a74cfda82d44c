#include "agent/diskio.h"

#include "agent/scan.h"

namespace mps::agent {
namespace {

constexpr uint64_t kSectorBytes = 512;  // in this file, whatever the device's own

}  // namespace

DiskioCollector::Counters DiskioCollector::parse(std::string_view line) {
  Counters c;
  for (uint64_t* const part : {&c.reads, &c.merged_reads, &c.sectors_read, &c.read_time, &c.writes, &c.merged_writes,
                               &c.sectors_written, &c.write_time, &c.in_progress, &c.io_time, &c.weighted_io_time}) {
    *part = take_number(line);
  }
  return c;
}

void DiskioCollector::report_rates(const Counters& now, const Counters& before, Duration elapsed, Tick& tick) const {
  const bool reset = now.reads < before.reads || now.writes < before.writes || now.read_time < before.read_time ||
                     now.write_time < before.write_time || now.io_time < before.io_time;
  if (reset) return;
  const auto operations = static_cast<double>(now.reads - before.reads + now.writes - before.writes);
  const auto waited_ms = static_cast<double>(now.read_time - before.read_time + now.write_time - before.write_time);
  const auto busy_ms = static_cast<double>(now.io_time - before.io_time);
  if (operations > 0) {
    tick.real("io_await", waited_ms / operations);
    tick.real("io_svctm", busy_ms / operations);
  }
  const auto elapsed_ms = elapsed / std::chrono::milliseconds(1);
  if (elapsed_ms > 0) tick.real("io_util", 100 * busy_ms / static_cast<double>(elapsed_ms));
}

void DiskioCollector::collect(std::string_view diskstats, Timestamp now,
                              const std::function<std::string(std::string_view)>& wwid, Tick& tick) {
  std::map<std::string, Counters, std::less<>> seen;
  while (!diskstats.empty()) {
    std::string_view line = take_line(diskstats);
    take_word(line);
    take_word(line);
    const std::string_view name = take_word(line);
    const Counters c = parse(line);
    if (name.empty() || c == Counters()) continue;
    tick.begin("diskio", {{"name", name}, {"wwid", wwid(name)}});
    tick.natural("reads", c.reads);
    tick.natural("writes", c.writes);
    tick.natural("read_bytes", c.sectors_read * kSectorBytes);
    tick.natural("write_bytes", c.sectors_written * kSectorBytes);
    tick.natural("read_time", c.read_time);
    tick.natural("write_time", c.write_time);
    tick.natural("io_time", c.io_time);
    tick.natural("weighted_io_time", c.weighted_io_time);
    tick.natural("iops_in_progress", c.in_progress);
    tick.natural("merged_reads", c.merged_reads);
    tick.natural("merged_writes", c.merged_writes);
    if (const auto before = last_.find(name); before != last_.end())
      report_rates(c, before->second, now - *last_time_, tick);
    seen.emplace(name, c);
  }
  last_ = std::move(seen);
  last_time_ = now;
}

}  // namespace mps::agent
