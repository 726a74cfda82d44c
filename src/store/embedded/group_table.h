#pragma once

#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "metric/point.h"
#include "metric/series_key.h"
#include "store/embedded/group.h"

namespace mps::store {

// The places of one line's values, found by its names: the group, and the column of each numeric field in the line's
// order. All that a lookup reads is here, or in texts that all servers share: it does not touch the group itself.
struct Shape {
  Group* group = nullptr;
  GroupId group_id = 0;
  uint32_t count = 0;                   // numeric fields
  std::unique_ptr<uint32_t[]> columns;  // null for 0 .. count-1
  ServerId server{};
  const std::string* names = nullptr;  // interned; packed_names of the line
  std::span<const uint32_t> listed() const {
    return columns ? std::span(columns.get(), count) : std::span<const uint32_t>();
  }

  // What a line of this shape was followed by, last time. Set by readers, who share the table.
  struct Successor {
    std::atomic<const Shape*> shape{nullptr};
  };
  mutable Successor successor;
  std::unique_ptr<Shape> same_hash;  // another one, if ever
};

// Which names belong to which group and column. Holds the groups and servers. Not thread-safe: readers may share,
// writers must be alone. Pointers to groups and servers hold until the server is removed.
class GroupTable {
 public:
  explicit GroupTable(uint64_t seed) : seed_(seed) {}
  GroupTable(const GroupTable&) = delete;
  GroupTable& operator=(const GroupTable&) = delete;

  // The places of a point's numeric fields; null when it was never seen in this shape. The tag `host` counts for
  // nothing. `previous` is the shape of the point before, where there is one: an agent sends its lines in the same
  // order every time, so that most are found without a lookup.
  const Shape* find_shape(const PointBatch& batch, const Point& point, const Shape* previous = nullptr) const;

  struct OverLimit {
    ServerId server;
    size_t series;  // that it would have
  };
  // The first server that add_shapes would give more than `series_max` series.
  std::optional<OverLimit> over_limit(const PointBatch& batch, size_t series_max) const;
  // Makes what the points need and is missing. A new or wider group is listed in take_unsaved().
  void add_shapes(const PointBatch& batch);

  struct Place {
    const Group* group;
    const SeriesColumn* column;
    uint32_t index;
  };
  std::optional<Place> find_series(ServerId server, const SeriesKey& key) const;

  Group* group(GroupId id) const { return id < groups_.size() ? groups_[id].get() : nullptr; }
  Server* find_server(ServerId id) const;
  Server& server(ServerId id);  // makes it where it is missing
  const std::unordered_map<int64_t, std::unique_ptr<Server>>& servers() const { return servers_; }
  void remove_server(ServerId id);

  // Loading from the file: a group as it was saved. Fails when the text is no key or the id is taken.
  Result<Group*> load_group(GroupId id, ServerId server, std::string_view key_text,
                            std::span<const std::string> columns);
  void set_next_group(GroupId id) { next_group_ = std::max(next_group_, id); }

  std::vector<GroupId> take_unsaved() { return std::exchange(unsaved_, {}); }
  void put_back_unsaved(std::span<const GroupId> ids) { unsaved_.insert(unsaved_.end(), ids.begin(), ids.end()); }

  size_t series() const { return series_; }

 private:
  struct Hashes {
    uint64_t key;
    uint64_t shape;
  };
  struct Identity {
    using is_avalanching = void;
    size_t operator()(uint64_t hash) const { return hash; }
  };
  Hashes hash(const PointBatch& batch, const Point& point) const;
  uint64_t hash(ServerId server, const SeriesKey& key) const;
  Group* find_group(uint64_t key_hash, const PointBatch& batch, const Point& point) const;
  Group& make_group(GroupId id, Server& server, std::string key, uint64_t key_hash);
  uint32_t column_of(Group& group, std::string_view field);
  void add_shape(const PointBatch& batch, const Point& point, const Hashes& hashes);
  static bool has_column(const Group* group, std::string_view field);

  uint64_t seed_;
  GroupId next_group_ = 1;
  size_t series_ = 0;
  std::set<std::string, std::less<>> names_;    // of fields; never freed, there are few
  std::vector<std::unique_ptr<Group>> groups_;  // by id
  std::vector<GroupId> unsaved_;
  std::unordered_map<int64_t, std::unique_ptr<Server>> servers_;
  std::unordered_multimap<uint64_t, Group*, Identity> by_key_;
  boost::unordered_flat_map<uint64_t, std::unique_ptr<Shape>, Identity> shapes_;
  std::set<std::string, std::less<>> shape_names_;  // that they refer to
};

// "cpu,cpu=cpu-total" of a group, and its series' keys.
std::string group_text(const Group& group);
SeriesKey group_key(const Group& group);

}  // namespace mps::store
