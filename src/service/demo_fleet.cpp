#include "service/demo_fleet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

#include "service/rule_book.h"

namespace mps::service {
namespace {

using std::chrono::seconds;

constexpr Duration kHistory = std::chrono::days(35);
constexpr Duration kTick = std::chrono::minutes(1);
constexpr size_t kTicksPerBatch = 500;

// What a made server does at one moment.
struct Moment {
  double cpu = 0, ram = 0, disk = 0, load = 0;  // percent; load as it is
  double rx = 0, tx = 0, read = 0, write = 0;   // bytes/s
  bool silent = false;                          // it sends nothing
};

// Uniform in [0, 1), the same for the same arguments: noise that needs no memory.
double hash_noise(uint64_t seed, int64_t a, uint64_t b) {
  uint64_t x = seed * 0x9E3779B97F4A7C15u + static_cast<uint64_t>(a) * 0xBF58476D1CE4E5B9u + b * 0x94D049BB133111EBu;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

// A rhythm of the day, 0 to 1, highest at `peak_hour` (UTC).
double day_wave(double hour, double peak_hour) {
  return 0.5 + 0.5 * std::cos((hour - peak_hour) / 24 * 2 * std::numbers::pi);
}

// Slow noise around 0: straight lines between a random value every 20 minutes.
double drift(uint64_t seed, double minutes, uint64_t stream) {
  const double at = minutes / 20;
  const auto left = static_cast<int64_t>(std::floor(at));
  const double share = at - std::floor(at);
  return (hash_noise(seed, left, stream) * (1 - share) + hash_noise(seed, left + 1, stream) * share) - 0.5;
}

struct Time {
  double hour;     // of the day, UTC
  int weekday;     // 0 = Thursday, as 1970 began
  double minutes;  // since 1970
  int64_t minute;
};

Time time_of(Timestamp t) {
  const auto since = std::chrono::duration_cast<seconds>(t.time_since_epoch()).count();
  return {static_cast<double>(since % 86400) / 3600, static_cast<int>(since / 86400 % 7),
          static_cast<double>(since) / 60, since / 60};
}

double noise(uint64_t seed, const Time& t, uint64_t stream) {
  return hash_noise(seed, t.minute, stream) - 0.5;
}

Moment web_server(uint64_t seed, const Time& t) {
  const bool weekend = t.weekday == 2 || t.weekday == 3;
  const double visitors = day_wave(t.hour, 14) * (weekend ? 0.45 : 1.0) * (1 + 0.25 * drift(seed, t.minutes, 1));
  Moment m;
  m.cpu = 8 + 52 * visitors + 6 * noise(seed, t, 2);
  m.ram = 42 + 14 * visitors + 1.5 * drift(seed, t.minutes, 3);
  m.disk = 48 + 0.05 * std::fmod(t.minutes / 1440, 14);
  m.rx = 2e5 + 2.4e6 * visitors * (1 + 0.3 * noise(seed, t, 4));
  m.tx = 8 * m.rx;
  m.write = 6e4 + 2e5 * visitors;
  m.read = 2e4;
  return m;
}

Moment database(uint64_t seed, const Time& t) {
  const double queries = day_wave(t.hour, 15) * (1 + 0.3 * drift(seed, t.minutes, 11));
  const bool batch = t.hour >= 2 && t.hour < 3.5;
  Moment m;
  m.cpu = 12 + 18 * queries + (batch ? 55 : 0) + 5 * noise(seed, t, 12);
  m.ram = 71 + 4 * queries + (batch ? 9 : 0);
  m.disk = 62 + 0.08 * std::fmod(t.minutes / 1440, 21) + (batch ? 3 * (t.hour - 2) : 0);
  m.rx = 1.5e5 + 9e5 * queries;
  m.tx = 3e5 + 2e6 * queries;
  m.read = 3e5 + (batch ? 6e7 : 0) + 2e6 * queries;
  m.write = 4e5 + (batch ? 3e7 : 0) + 1e6 * queries;
  return m;
}

Moment backup_box(uint64_t seed, const Time& t) {
  const bool copying = t.hour >= 22 || t.hour < 1;
  // Two weeks from 42 to 96 percent, then somebody cleans up.
  const double filled = std::fmod(t.minutes / 1440, 14) / 14;
  Moment m;
  m.cpu = 3 + (copying ? 22 : 0) + 3 * std::abs(noise(seed, t, 21));
  m.ram = 24 + (copying ? 12 : 0) + drift(seed, t.minutes, 22);
  m.disk = 42 + 54 * filled;
  m.rx = copying ? 4e7 * (1 + 0.2 * noise(seed, t, 23)) : 4e3;
  m.tx = m.rx / 60;
  m.write = m.rx;
  m.read = 1e4;
  return m;
}

Moment flaky_box(uint64_t seed, const Time& t) {
  const int64_t spell = t.minute / 47;
  const bool burst = hash_noise(seed, spell, 31) < 0.06;
  Moment m;
  m.silent = hash_noise(seed, t.minute / 190, 32) < 0.04;
  m.cpu = 15 + 12 * drift(seed, t.minutes, 33) + (burst ? 78 : 0) + 8 * noise(seed, t, 34);
  m.ram = 55 + 20 * drift(seed, t.minutes, 35) + (burst ? 18 : 0);
  m.disk = 33 + 4 * drift(seed, t.minutes / 30, 36);
  m.rx = 5e4 + 4e5 * std::abs(drift(seed, t.minutes, 37));
  m.tx = 3e4 + 3e5 * std::abs(drift(seed, t.minutes, 38));
  m.read = 1e4;
  m.write = burst ? 5e6 : 5e4;
  return m;
}

struct DemoServer {
  const char* name;
  Moment (*at)(uint64_t seed, const Time& t);
};

constexpr std::array<DemoServer, 4> kFleet = {
    {{"demo-web-1", web_server}, {"demo-db-1", database}, {"demo-backup-1", backup_box}, {"demo-flaky-1", flaky_box}}};

struct Counters {
  uint64_t rx = 0, tx = 0, read = 0, write = 0;
};

uint64_t last_counter(const store::SampleStore& store, ServerId server, const SeriesKey& key) {
  const auto sample = store.last(server, key);
  return sample ? static_cast<uint64_t>(sample->value.as_integer()) : 0;
}

const std::vector<std::pair<std::string, std::string>> kInterface = {{"interface", "eth0"}}, kDisk = {{"name", "vda"}};

Counters counters_of(const store::SampleStore& store, ServerId server) {
  return {last_counter(store, server, {"net", kInterface, "bytes_recv"}),
          last_counter(store, server, {"net", kInterface, "bytes_sent"}),
          last_counter(store, server, {"diskio", kDisk, "read_bytes"}),
          last_counter(store, server, {"diskio", kDisk, "write_bytes"})};
}

void count_on(Counters& counters, const Moment& m) {
  const double tick_s = std::chrono::duration<double>(kTick).count();
  counters.rx += static_cast<uint64_t>(std::max(0.0, m.rx) * tick_s);
  counters.tx += static_cast<uint64_t>(std::max(0.0, m.tx) * tick_s);
  counters.read += static_cast<uint64_t>(std::max(0.0, m.read) * tick_s);
  counters.write += static_cast<uint64_t>(std::max(0.0, m.write) * tick_s);
}

// Collects points in Telegraf's shape.
class Batch {
 public:
  explicit Batch(ServerId server) : server_(server) {}
  void add(Timestamp time, std::string_view measurement, std::initializer_list<Tag> tags,
           std::initializer_list<Field> fields) {
    Point point;
    point.measurement = measurement;
    point.server = server_;
    point.time = time;
    point.tags_begin = static_cast<uint32_t>(batch.all_tags.size());
    batch.all_tags.insert(batch.all_tags.end(), tags);
    point.tags_end = static_cast<uint32_t>(batch.all_tags.size());
    point.fields_begin = static_cast<uint32_t>(batch.all_fields.size());
    batch.all_fields.insert(batch.all_fields.end(), fields);
    point.fields_end = static_cast<uint32_t>(batch.all_fields.size());
    batch.points.push_back(point);
  }
  PointBatch batch;

 private:
  ServerId server_;
};

Value percent(double value) {
  return Value::of_float(std::round(std::clamp(value, 0.0, 100.0) * 1e4) / 1e4);
}
Value counter(uint64_t value) {
  return Value::of_integer(static_cast<int64_t>(value));
}

void add_tick(Batch& out, Timestamp time, const Moment& m, const Counters& c, Duration up) {
  out.add(time, "cpu", {{"cpu", "cpu-total"}}, {{"usage_idle", percent(100 - m.cpu)}});
  out.add(time, "mem", {}, {{"used_percent", percent(m.ram)}});
  out.add(time, "disk", {{"fstype", "ext4"}, {"path", "/"}}, {{"used_percent", percent(m.disk)}});
  out.add(time, "system", {},
          {{"load1", Value::of_float(std::round(std::max(0.0, m.cpu) * 4) / 100)},
           {"uptime", counter(static_cast<uint64_t>(up / seconds(1)))}});
  out.add(time, "net", {{"interface", "eth0"}}, {{"bytes_recv", counter(c.rx)}, {"bytes_sent", counter(c.tx)}});
  out.add(time, "diskio", {{"name", "vda"}}, {{"read_bytes", counter(c.read)}, {"write_bytes", counter(c.write)}});
}

Result<Server> find_or_add(Servers& servers, const char* name) {
  if (auto known = servers.find(name)) return *known;
  MPS_TRY(const NewServer added, servers.add(name, {std::string(kDemoTag)}));
  return added.server;
}

Result<size_t> fill(const DemoServer& made, ServerId server, store::SampleStore& store, Timestamp now, uint64_t seed) {
  const Timestamp newest = now - now.time_since_epoch() % kTick;
  const auto last_seen = store.last_seen(server);
  Timestamp time = std::max(newest - kHistory, last_seen ? *last_seen + kTick : Timestamp::min());
  const Timestamp boot = time - std::chrono::hours(30);
  Counters counters = counters_of(store, server);
  size_t values = 0;
  while (time <= newest) {
    Batch out(server);
    for (size_t i = 0; i < kTicksPerBatch && time <= newest; ++i, time += kTick) {
      const Moment m = made.at(seed, time_of(time));
      count_on(counters, m);
      if (!m.silent) add_tick(out, time, m, counters, time - boot);
    }
    values += out.batch.all_fields.size();
    if (!out.batch.points.empty()) MPS_TRY_VOID(store.append_and_wait(out.batch));
  }
  return values;
}

}  // namespace

Result<DemoReport> fill_demo_fleet(Servers& servers, store::SampleStore& store, Timestamp now, uint64_t seed) {
  DemoReport report;
  for (const DemoServer& made : kFleet) {
    MPS_TRY(const Server server, find_or_add(servers, made.name));
    MPS_TRY(const size_t values, fill(made, server.id, store, now, seed));
    ++report.servers;
    report.values += values;
  }
  return report;
}

}  // namespace mps::service
