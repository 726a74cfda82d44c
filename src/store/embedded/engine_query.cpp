#include <algorithm>

#include "store/embedded/aggregate.h"
#include "store/embedded/engine.h"

// What callers ask, on their own threads.
namespace mps::store {
namespace {

constexpr size_t kNewestPerLock = 4096;  // so that the committer need not wait for all of a fleet

std::vector<Sample> head_samples(const HeadStream& head, uint32_t column, TimeRange range) {
  std::vector<Sample> samples;
  const Timestamp first{Duration(head.first_time())}, last{Duration(head.last_time())};
  if (head.rows() == 0 || last < range.from || first >= range.to) return samples;
  head.visit([&](int64_t time_ns, std::span<const uint32_t> columns, std::span<const Value> values) {
    const Timestamp time{Duration(time_ns)};
    if (!range.contains(time)) return;
    for (size_t i = 0; i < values.size(); ++i) {
      if ((columns.empty() ? i : columns[i]) == column) samples.push_back({time, values[i]});
    }
  });
  return samples;
}

}  // namespace

std::vector<SeriesKey> Engine::list_series(ServerId server) const {
  wait_ready();
  std::vector<SeriesKey> keys;
  const std::shared_lock lock(state_mutex_);
  const Server* const known = table_.find_server(server);
  if (known == nullptr) return keys;
  for (const Group* group : known->groups) {
    SeriesKey key = group_key(*group);
    for (const SeriesColumn& column : group->columns) {
      key.field = *column.name;
      keys.push_back(key);
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

Result<std::vector<Sample>> Engine::read(ServerId server, const SeriesKey& series, TimeRange range) const {
  wait_ready();
  std::vector<Sample> head, samples;
  GroupId group;
  uint32_t column;
  {
    const std::shared_lock lock(state_mutex_);
    const auto place = table_.find_series(server, series);
    if (!place || range.empty()) return samples;
    group = place->group->id;
    column = place->index;
    head = head_samples(place->group->head, column, range);
  }
  // After the head: a chunk that is sealed in between is then seen twice, never missed, and its samples are the same.
  MPS_TRY_VOID(reader_.read(server, Tier::kRaw, group, range,
                            [&](const ChunkView& chunk) { return chunk.read(column, range, samples); }));
  samples.insert(samples.end(), head.begin(), head.end());
  keep_last_written(samples);
  return samples;
}

std::optional<Sample> Engine::last(ServerId server, const SeriesKey& series) const {
  wait_ready();
  const std::shared_lock lock(state_mutex_);
  const auto place = table_.find_series(server, series);
  if (!place || !place->column->newest.has(0)) return std::nullopt;
  return place->column->newest.sample(0);
}

std::vector<Sample> Engine::last_two(ServerId server, const SeriesKey& series) const {
  wait_ready();
  std::vector<Sample> samples;
  const std::shared_lock lock(state_mutex_);
  const auto place = table_.find_series(server, series);
  if (!place) return samples;
  for (const int i : {1, 0}) {
    if (place->column->newest.has(i)) samples.push_back(place->column->newest.sample(i));
  }
  return samples;
}

std::optional<Timestamp> Engine::last_seen(ServerId server) const {
  wait_ready();
  const std::shared_lock lock(state_mutex_);
  const Server* const known = table_.find_server(server);
  if (known == nullptr || known->last_seen == NewestTwo::kNone) return std::nullopt;
  return Timestamp(Duration(known->last_seen));
}

std::vector<ServerPulse> Engine::pulses() const {
  wait_ready();
  std::vector<ServerPulse> pulses;
  const std::shared_lock lock(state_mutex_);
  pulses.reserve(table_.servers().size());
  for (const auto& [id, server] : table_.servers()) {
    if (server->last_seen == NewestTwo::kNone) continue;
    pulses.push_back({server->id, server->series, Timestamp(Duration(server->last_seen))});
  }
  return pulses;
}

std::optional<SeriesRef> Engine::find(ServerId server, const SeriesKey& series) const {
  wait_ready();
  const std::shared_lock lock(state_mutex_);
  const auto place = table_.find_series(server, series);
  return place ? std::optional(SeriesRef{static_cast<uint32_t>(place->group->id), place->index}) : std::nullopt;
}

void Engine::newest(std::span<const SeriesRef> series, std::span<NewestSamples> out) const {
  wait_ready();
  for (size_t begin = 0; begin < series.size(); begin += kNewestPerLock) {
    const std::shared_lock lock(state_mutex_);
    for (size_t i = begin; i < std::min(series.size(), begin + kNewestPerLock); ++i) {
      out[i] = {};
      const Group* group = table_.group(series[i].group);
      if (group == nullptr || series[i].column >= group->columns.size()) continue;
      const NewestTwo& newest = group->columns[series[i].column].newest;
      out[i].count = newest.has(0) ? (newest.has(1) ? 2 : 1) : 0;
      if (newest.has(0)) out[i].newest = newest.sample(0);
      if (newest.has(1)) out[i].before = newest.sample(1);
      out[i].late = newest.late;
    }
  }
}

Attributes Engine::attributes(ServerId server) const {
  wait_ready();
  Attributes attributes;
  const std::shared_lock lock(state_mutex_);
  if (const Server* const known = table_.find_server(server)) {
    attributes.insert(known->attributes.begin(), known->attributes.end());
  }
  return attributes;
}

}  // namespace mps::store
