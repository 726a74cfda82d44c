#include "store/embedded/group_table.h"

#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

#include "testing/seed.h"

namespace mps::store {
namespace {

using Random = std::mt19937_64;

// Lines that are easily taken for one another: few names, which are now a tag's, now a field's.
PointBatch lookalikes(Random& random, size_t count) {
  constexpr std::array<std::string_view, 4> kNames{"a", "b", "ab", "host"};
  PointBatch batch;
  const auto pick = [&] { return kNames[random() % kNames.size()]; };
  for (size_t i = 0; i < count; ++i) {
    Point point;
    point.server = ServerId{static_cast<int64_t>(1 + random() % 3)};
    point.measurement = pick();
    point.tags_begin = static_cast<uint32_t>(batch.all_tags.size());
    for (const std::string_view name : kNames)
      if (random() % 2 == 0) batch.all_tags.push_back({name, pick()});
    point.tags_end = static_cast<uint32_t>(batch.all_tags.size());
    point.fields_begin = static_cast<uint32_t>(batch.all_fields.size());
    for (size_t fields = 1 + random() % 3; fields > 0; --fields)
      batch.all_fields.push_back(
          {pick(), random() % 4 == 0 ? std::variant<Value, std::string_view>("text") : Value::of_integer(1)});
    point.fields_end = static_cast<uint32_t>(batch.all_fields.size());
    batch.points.push_back(point);
  }
  return batch;
}

bool has_numbers_in(const PointBatch& batch, const Point& point) {
  const auto fields = batch.fields(point);
  return std::any_of(fields.begin(), fields.end(), [](const Field& f) { return f.value.index() == 0; });
}

// What the point's values are to be put under, as people would write it.
std::string described(const PointBatch& batch, const Point& point) {
  std::string text = fmt::format("{}:{}", static_cast<int64_t>(point.server), point.measurement);
  for (const Tag& tag : batch.tags(point))
    if (tag.name != "host") text += fmt::format(",{}={}", tag.name, tag.value);
  for (const Field& field : batch.fields(point))
    if (field.value.index() == 0) text += fmt::format(" {}", field.name);
  return text;
}

std::string described(const Shape& shape) {
  std::string text = fmt::format("{}:{}", static_cast<int64_t>(shape.group->server->id), group_text(*shape.group));
  for (uint32_t i = 0; i < shape.count; ++i) {
    const uint32_t column = shape.columns ? shape.columns[i] : i;
    text += fmt::format(" {}", *shape.group->columns[column].name);
  }
  return text;
}

TEST(GroupTableTest, EveryLineFindsItsOwnPlacesWhateverLineCameBefore) {
  const uint64_t seed = testing::test_seed();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  GroupTable table(seed);
  for (int round = 0; round < 200; ++round) {
    const PointBatch batch = lookalikes(random, 20);
    table.add_shapes(batch);
    const Shape* previous = nullptr;
    for (const Point& point : batch.points) {
      if (!has_numbers_in(batch, point)) continue;
      const Shape* const shape = table.find_shape(batch, point, previous);
      ASSERT_NE(shape, nullptr) << described(batch, point);
      EXPECT_EQ(described(*shape), described(batch, point));
      EXPECT_EQ(shape->group_id, shape->group->id);
      EXPECT_EQ(shape, table.find_shape(batch, point));
      previous = shape;
    }
    if (round % 10 == 9) table.remove_server(ServerId{static_cast<int64_t>(1 + random() % 3)});
  }
}

TEST(GroupTableTest, LinesOfARemovedServerAreNotFoundThroughTheLineBefore) {
  PointBatch batch;
  batch.all_fields.push_back({"value", Value::of_integer(1)});
  for (const int64_t server : {1, 2}) {
    Point point;
    point.server = ServerId{server};
    point.measurement = "m";
    point.fields_end = 1;
    batch.points.push_back(point);
  }
  GroupTable table(7);
  table.add_shapes(batch);
  const Shape* const first = table.find_shape(batch, batch.points[0]);
  ASSERT_NE(table.find_shape(batch, batch.points[1], first), nullptr);
  ASSERT_EQ(first->successor.shape.load(), table.find_shape(batch, batch.points[1]));
  table.remove_server(ServerId{2});
  EXPECT_EQ(first->successor.shape.load(), nullptr);
  EXPECT_EQ(table.find_shape(batch, batch.points[1], first), nullptr);
}

}  // namespace
}  // namespace mps::store
