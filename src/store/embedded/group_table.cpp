#include "store/embedded/group_table.h"

#include <algorithm>
#include <tuple>

namespace mps::store {
namespace {

constexpr size_t kShapesMin = 10'000, kShapesPerGroup = 8;
constexpr std::string_view kIgnoredTag = "host";  // the server is known by its token

__extension__ typedef unsigned __int128 uint128;

uint64_t fold(uint64_t a, uint64_t b) {
  const auto product = static_cast<uint128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Multiply-and-fold, as in wyhash, eight bytes at a time.
uint64_t mix(uint64_t h, std::string_view text) {
  const char* p = text.data();
  size_t n = text.size();
  h ^= n * 0x9E3779B97F4A7C15u;
  for (; n >= 8; p += 8, n -= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    h = fold(h ^ word, 0xA0761D6478BD642Fu);
  }
  uint64_t rest = 0;
  if (n >= 4) {
    uint32_t low, high;
    std::memcpy(&low, p, 4);
    std::memcpy(&high, p + n - 4, 4);
    rest = (uint64_t{high} << 32) | low;
  } else if (n > 0) {
    rest = static_cast<uint64_t>(static_cast<unsigned char>(p[0])) << 16 |
           static_cast<uint64_t>(static_cast<unsigned char>(p[n / 2])) << 8 | static_cast<unsigned char>(p[n - 1]);
  }
  return fold(h ^ rest ^ 0x8EBC6AF09C88C6E3u, 0xE7037ED1A0B428DBu ^ h);
}

uint64_t word_at(const char* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

// a == b, for the short names of which a line has a dozen: a call of memcmp costs more than the comparison.
bool same_text(std::string_view a, std::string_view b) {
  size_t n = a.size();
  if (n != b.size()) return false;
  const char* p = a.data();
  const char* q = b.data();
  if (n < 8) return (n < 4 || load_u32(p) == load_u32(q)) && std::equal(p + (n & 4), p + n, q + (n & 4));
  for (; n > 8; p += 8, q += 8, n -= 8) {
    if (word_at(p) != word_at(q)) return false;
  }
  return word_at(p + n - 8) == word_at(q + n - 8);
}

bool is_text(const Field& field) {
  return std::holds_alternative<std::string_view>(field.value);
}

bool in_key(const Tag& tag) {
  return tag.name != kIgnoredTag;
}

bool same_key(const Group& group, const PointBatch& batch, const Point& point) {
  if (group.server->id != point.server) return false;
  ByteReader in(group.key);
  if (in.text() != point.measurement) return false;
  for (const Tag& tag : batch.tags(point)) {
    if (!in_key(tag)) continue;
    if (in.at_end() || in.text() != tag.name || in.text() != tag.value) return false;
  }
  return in.at_end();
}

// All that makes a shape but the server: how many tags count, measurement, tags, numeric fields.
std::string packed_names(const PointBatch& batch, const Point& point) {
  const auto tags = batch.tags(point);
  std::string names;
  append_varint(names, static_cast<uint64_t>(std::count_if(tags.begin(), tags.end(), in_key)));
  append_text(names, point.measurement);
  for (const Tag& tag : tags) {
    if (!in_key(tag)) continue;
    append_text(names, tag.name);
    append_text(names, tag.value);
  }
  for (const Field& field : batch.fields(point)) {
    if (!is_text(field)) append_text(names, field.name);
  }
  return names;
}

// Whether packed_names(batch, point) is shape.names, without making it.
bool same_shape(const Shape& shape, const PointBatch& batch, const Point& point) {
  if (shape.server != point.server) return false;
  ByteReader names(*shape.names);
  uint64_t tags_left = names.varint();
  if (!same_text(names.text(), point.measurement)) return false;
  for (const Tag& tag : batch.tags(point)) {
    if (!in_key(tag)) continue;
    if (tags_left == 0 || !same_text(names.text(), tag.name) || !same_text(names.text(), tag.value)) return false;
    --tags_left;
  }
  if (tags_left > 0) return false;
  for (const Field& field : batch.fields(point)) {
    if (!is_text(field) && (names.at_end() || !same_text(names.text(), field.name))) return false;
  }
  return names.at_end();
}

std::string packed_key(const PointBatch& batch, const Point& point) {
  std::string key;
  append_text(key, point.measurement);
  for (const Tag& tag : batch.tags(point)) {
    if (!in_key(tag)) continue;
    append_text(key, tag.name);
    append_text(key, tag.value);
  }
  key.shrink_to_fit();
  return key;
}

std::string packed_key(const SeriesKey& key) {
  std::string packed;
  append_text(packed, key.measurement);
  for (const auto& [name, value] : key.tags) {
    if (name == kIgnoredTag) continue;
    append_text(packed, name);
    append_text(packed, value);
  }
  packed.shrink_to_fit();
  return packed;
}

}  // namespace

GroupTable::Hashes GroupTable::hash(const PointBatch& batch, const Point& point) const {
  uint64_t h = mix(seed_ ^ static_cast<uint64_t>(point.server), point.measurement);
  for (const Tag& tag : batch.tags(point)) {
    if (!in_key(tag)) continue;
    h = mix(mix(h, tag.name), tag.value);
  }
  Hashes hashes{h, h};
  for (const Field& field : batch.fields(point)) {
    if (!is_text(field)) hashes.shape = mix(hashes.shape, field.name);
  }
  return hashes;
}

uint64_t GroupTable::hash(ServerId server, const SeriesKey& key) const {
  uint64_t h = mix(seed_ ^ static_cast<uint64_t>(server), key.measurement);
  for (const auto& [name, value] : key.tags) {
    if (name != kIgnoredTag) h = mix(mix(h, name), value);
  }
  return h;
}

const Shape* GroupTable::find_shape(const PointBatch& batch, const Point& point, const Shape* previous) const {
  if (previous != nullptr) {
    const Shape* const guess = previous->successor.shape.load(std::memory_order_relaxed);
    if (guess != nullptr && same_shape(*guess, batch, point)) return guess;
  }
  const auto found = shapes_.find(hash(batch, point).shape);
  const Shape* shape = found == shapes_.end() ? nullptr : found->second.get();
  while (shape != nullptr && !same_shape(*shape, batch, point)) shape = shape->same_hash.get();
  if (shape != nullptr && previous != nullptr) previous->successor.shape.store(shape, std::memory_order_relaxed);
  return shape;
}

Group* GroupTable::find_group(uint64_t key_hash, const PointBatch& batch, const Point& point) const {
  const auto [begin, end] = by_key_.equal_range(key_hash);
  for (auto it = begin; it != end; ++it) {
    if (same_key(*it->second, batch, point)) return it->second;
  }
  return nullptr;
}

bool GroupTable::has_column(const Group* group, std::string_view field) {
  return group != nullptr &&
         std::any_of(group->columns.begin(), group->columns.end(), [field](const auto& c) { return *c.name == field; });
}

std::optional<GroupTable::OverLimit> GroupTable::over_limit(const PointBatch& batch, size_t series_max) const {
  std::set<std::tuple<int64_t, std::string, std::string_view>> fresh;
  std::set<uint64_t> seen;  // shapes, so that a long history of one series is looked at once
  std::map<int64_t, size_t> series;
  for (const Point& point : batch.points) {
    const Hashes hashes = hash(batch, point);
    if (!seen.insert(hashes.shape).second || find_shape(batch, point) != nullptr) continue;
    const auto id = static_cast<int64_t>(point.server);
    const Server* const known = find_server(point.server);
    size_t& count = series.try_emplace(id, known == nullptr ? 0 : known->series).first->second;
    const Group* const group = find_group(hashes.key, batch, point);
    for (const Field& field : batch.fields(point)) {
      if (is_text(field) || has_column(group, field.name)) continue;
      if (fresh.emplace(id, packed_key(batch, point), field.name).second) ++count;
    }
    if (count > series_max) return OverLimit{point.server, count};
  }
  return std::nullopt;
}

void GroupTable::add_shapes(const PointBatch& batch) {
  // Names come from outside: their combinations must not fill the memory. What is forgotten is learnt again.
  if (shapes_.size() > kShapesMin + kShapesPerGroup * by_key_.size()) {
    shapes_.clear();
    shape_names_.clear();
  }
  for (const Point& point : batch.points) {
    const auto fields = batch.fields(point);
    if (std::all_of(fields.begin(), fields.end(), is_text) || find_shape(batch, point) != nullptr) continue;
    add_shape(batch, point, hash(batch, point));
  }
}

void GroupTable::add_shape(const PointBatch& batch, const Point& point, const Hashes& hashes) {
  Group* group = find_group(hashes.key, batch, point);
  if (group == nullptr) group = &make_group(next_group_, server(point.server), packed_key(batch, point), hashes.key);
  const size_t columns_before = group->columns.size();
  std::vector<uint32_t> columns;
  for (const Field& field : batch.fields(point)) {
    if (!is_text(field)) columns.push_back(column_of(*group, field.name));
  }
  if (group->columns.size() != columns_before) unsaved_.push_back(group->id);
  auto shape = std::make_unique<Shape>();
  shape->group = group;
  shape->group_id = group->id;
  shape->count = static_cast<uint32_t>(columns.size());
  shape->server = point.server;
  shape->names = &*shape_names_.insert(packed_names(batch, point)).first;
  bool in_order = true;
  for (size_t i = 0; i < columns.size(); ++i) in_order = in_order && columns[i] == i;
  if (!in_order) {
    shape->columns = std::make_unique<uint32_t[]>(columns.size());
    std::copy(columns.begin(), columns.end(), shape->columns.get());
  }
  std::unique_ptr<Shape>& first = shapes_[hashes.shape];
  shape->same_hash = std::move(first);
  first = std::move(shape);
}

std::optional<GroupTable::Place> GroupTable::find_series(ServerId server, const SeriesKey& key) const {
  const auto [begin, end] = by_key_.equal_range(hash(server, key));
  for (auto it = begin; it != end; ++it) {
    const Group& group = *it->second;
    if (group.server->id != server || group.key != packed_key(key)) continue;
    for (uint32_t i = 0; i < group.columns.size(); ++i) {
      if (*group.columns[i].name == key.field) return Place{&group, &group.columns[i], i};
    }
  }
  return std::nullopt;
}

Server* GroupTable::find_server(ServerId id) const {
  const auto it = servers_.find(static_cast<int64_t>(id));
  return it == servers_.end() ? nullptr : it->second.get();
}

Server& GroupTable::server(ServerId id) {
  auto& server = servers_[static_cast<int64_t>(id)];
  if (!server) {
    server = std::make_unique<Server>();
    server->id = id;
  }
  return *server;
}

void GroupTable::remove_server(ServerId id) {
  Server* const gone = find_server(id);
  if (gone == nullptr) return;
  const auto belongs = [gone](const Group* group) { return group->server == gone; };
  // With those of other servers that share their hash: what is forgotten is learnt again.
  erase_if(shapes_, [&](const auto& entry) {
    bool some = false;
    for (const Shape* shape = entry.second.get(); shape != nullptr; shape = shape->same_hash.get()) {
      shape->successor.shape.store(nullptr, std::memory_order_relaxed);
      some = some || belongs(shape->group);
    }
    return some;
  });
  std::erase_if(by_key_, [&](const auto& entry) { return belongs(entry.second); });
  series_ -= gone->series;
  for (const Group* group : gone->groups) groups_[group->id].reset();
  servers_.erase(static_cast<int64_t>(id));
}

Result<Group*> GroupTable::load_group(GroupId id, ServerId server_id, std::string_view key_text,
                                      std::span<const std::string> columns) {
  MPS_TRY(const SeriesKey key, SeriesKey::parse(std::string(key_text) + " f"));
  if (group(id) != nullptr || id == 0) return Error{ErrorCode::kCorrupt, "two groups have the same id"};
  Group& made = make_group(id, server(server_id), packed_key(key), hash(server_id, key));
  made.columns.reserve(columns.size());
  for (const std::string& name : columns) column_of(made, name);
  return &made;
}

Group& GroupTable::make_group(GroupId id, Server& server, std::string key, uint64_t key_hash) {
  auto made = std::make_unique<Group>();
  made->id = id;
  made->server = &server;
  made->key = std::move(key);
  Group& group = *made;
  if (groups_.size() <= id) groups_.resize(id + 1);
  groups_[id] = std::move(made);
  next_group_ = std::max(next_group_, id + 1);
  server.groups.push_back(&group);
  by_key_.emplace(key_hash, &group);
  return group;
}

uint32_t GroupTable::column_of(Group& group, std::string_view field) {
  for (uint32_t i = 0; i < group.columns.size(); ++i) {
    if (*group.columns[i].name == field) return i;
  }
  auto name = names_.find(field);
  if (name == names_.end()) name = names_.emplace(field).first;
  if (group.columns.size() == group.columns.capacity())
    group.columns.reserve(group.columns.size() + 1 + group.columns.size() / 8);
  group.columns.push_back({&*name, {}});
  ++group.server->series;
  ++series_;
  return static_cast<uint32_t>(group.columns.size() - 1);
}

SeriesKey group_key(const Group& group) {
  SeriesKey key;
  ByteReader in(group.key);
  key.measurement = in.text();
  while (!in.at_end()) {
    const auto name = in.text();
    key.tags.emplace_back(name, in.text());
  }
  return key;
}

std::string group_text(const Group& group) {
  std::string text = group_key(group).to_string();
  text.pop_back();  // the space before the field, which is empty
  return text;
}

}  // namespace mps::store
