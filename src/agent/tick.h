#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "metric/point.h"

namespace mps::agent {

// The figures of one moment, gathered by the collectors one after the other.
class Tick {
 public:
  // Every point bears `time` and, where `host` is not empty, the tag host.
  Tick(Timestamp time, std::string_view host);

  // Begins a point; the fields that follow are its own. `measurement` and the names of tags and fields must outlive the
  // tick (literals do); the values of tags are copied. A tag without a value is left out.
  void begin(std::string_view measurement, std::initializer_list<Tag> tags = {});
  void real(std::string_view name, double value) { add(name, Value::of_float(value)); }
  void integer(std::string_view name, int64_t value) { add(name, Value::of_integer(value)); }
  void natural(std::string_view name, uint64_t value) { add(name, Value::of_unsigned(value)); }
  void text(std::string_view name, std::string value);

  Timestamp time() const { return time_; }
  const PointBatch& batch() const { return batch_; }
  // As line protocol; points without a field are left out.
  std::string lines() const;

 private:
  void add(std::string_view name, std::variant<Value, std::string_view> value);

  Timestamp time_;
  PointBatch batch_;
  std::string_view host_;  // in the batch
};

}  // namespace mps::agent
