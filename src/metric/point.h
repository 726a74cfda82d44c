#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "metric/sample.h"

namespace mps {

struct Tag {
  std::string_view name;
  std::string_view value;
  friend bool operator==(const Tag&, const Tag&) = default;
};

struct Field {
  std::string_view name;
  std::variant<Value, std::string_view>
      value;  // text is not stored as a series: its last value is an attribute of the server
  friend bool operator==(const Field&, const Field&) = default;
};

// One line of line protocol or one metric of Telegraf's JSON: figures taken at one moment.
// The texts are views into the request body or into the batch's own arena: a Point lives as long as both.
struct Point {
  std::string_view measurement;
  uint32_t tags_begin = 0, tags_end = 0;      // in PointBatch::all_tags, sorted by name, names unique
  uint32_t fields_begin = 0, fields_end = 0;  // in PointBatch::all_fields, at least one
  std::optional<Timestamp> time;              // nothing: the time of arrival
  uint32_t line = 0;                          // where it stood in the body, from 1 (JSON: the metric)
  ServerId server{};                          // set by service/ingest
};

// The points of one request, without a copy of the texts.
class PointBatch {
 public:
  std::vector<Point> points;
  std::vector<Tag> all_tags;
  std::vector<Field> all_fields;

  std::span<const Tag> tags(const Point& p) const {
    return std::span(all_tags).subspan(p.tags_begin, p.tags_end - p.tags_begin);
  }
  std::span<const Field> fields(const Point& p) const {
    return std::span(all_fields).subspan(p.fields_begin, p.fields_end - p.fields_begin);
  }

  // Keeps a text for as long as the batch lives (unescaped names, JSON strings).
  std::string_view keep(std::string text) { return arena_.emplace_back(std::move(text)); }

  void clear() {
    points.clear();
    all_tags.clear();
    all_fields.clear();
    arena_.clear();
  }

  PointBatch() = default;
  PointBatch(PointBatch&&) = default;  // a deque's strings do not move
  PointBatch& operator=(PointBatch&&) = default;

 private:
  std::deque<std::string> arena_;
};

}  // namespace mps
