#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "metric/value.h"

namespace mps::store {

// One cell of an answer. Numbers keep the letters that they came in, so that none is bent by a detour over a double.
struct InfluxCell {
  enum class Kind : uint8_t { kNull, kNumber, kBoolean, kText };
  Kind kind = Kind::kNull;
  std::string_view text;  // of the answer; "true" or "false" of a boolean

  // The number or boolean as a value of `type`; nothing where it is none, or does not fit.
  std::optional<Value> value(ValueType type) const;
  std::optional<int64_t> integer() const;
};

struct InfluxSeries {
  std::string name;
  std::map<std::string, std::string> tags;
  std::vector<std::string> columns;
  std::vector<InfluxCell> cells;  // row by row, columns.size() each
  size_t rows() const { return columns.empty() ? 0 : cells.size() / columns.size(); }
  const InfluxCell& cell(size_t row, size_t column) const { return cells[row * columns.size() + column]; }
};

// What /query answers (JSON, one statement). Owns the texts that its cells view.
struct InfluxAnswer {
  std::vector<InfluxSeries> series;
  std::string error;   // InfluxDB's own words; "" where it took the statement
  std::string detail;  // of a write to 3: what is wrong with the first line that it did not take
  bool partial = false;
  std::shared_ptr<const std::string> body;
  std::deque<std::string> unescaped;
};

// Fails with kCorrupt when `body` is no such JSON.
Result<InfluxAnswer> parse_influx_answer(std::string body);

}  // namespace mps::store
