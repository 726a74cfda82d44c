#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "metric/point.h"
#include "metric/series_key.h"

namespace mps::testing {

inline constexpr ServerId kServer{1};
inline constexpr TimeRange kAlways{Timestamp::min(), Timestamp::max()};

using FieldValue = std::variant<Value, std::string>;

// Points written down in a test: keeps every text it is given.
class BatchBuilder {
 public:
  BatchBuilder& add(ServerId server, Timestamp time, const std::string& measurement,
                    const std::vector<std::pair<std::string, std::string>>& tags,
                    const std::vector<std::pair<std::string, FieldValue>>& fields) {
    Point point;
    point.measurement = batch_.keep(measurement);
    point.server = server;
    point.time = time;
    point.tags_begin = static_cast<uint32_t>(batch_.all_tags.size());
    for (const auto& [name, value] : tags) batch_.all_tags.push_back({batch_.keep(name), batch_.keep(value)});
    point.tags_end = static_cast<uint32_t>(batch_.all_tags.size());
    point.fields_begin = static_cast<uint32_t>(batch_.all_fields.size());
    for (const auto& [name, value] : fields) {
      const auto* text = std::get_if<std::string>(&value);
      Field field{batch_.keep(name), {}};
      if (text != nullptr) {
        field.value = batch_.keep(*text);
      } else {
        field.value = std::get<Value>(value);
      }
      batch_.all_fields.push_back(field);
    }
    point.fields_end = static_cast<uint32_t>(batch_.all_fields.size());
    batch_.points.push_back(point);
    return *this;
  }

  // One sample of a series.
  BatchBuilder& add(ServerId server, const SeriesKey& key, Sample sample) {
    return add(server, sample.time, key.measurement, key.tags, {{key.field, sample.value}});
  }

  const PointBatch& batch() const { return batch_; }

 private:
  PointBatch batch_;
};

}  // namespace mps::testing
