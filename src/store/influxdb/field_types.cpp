#include "store/influxdb/field_types.h"

#include "store/influxdb/influx_names.h"

namespace mps::store {
namespace {

std::optional<ValueType> type_named(std::string_view name) {
  if (name == "float") return ValueType::kFloat;
  if (name == "integer") return ValueType::kInteger;
  if (name == "boolean") return ValueType::kBoolean;
  if (name == "unsigned") return ValueType::kUnsigned;
  return std::nullopt;
}

}  // namespace

FieldTypes::Known& FieldTypes::known(std::string_view measurement, std::string_view field) {
  auto fields = measurements_.find(measurement);
  if (fields == measurements_.end()) fields = measurements_.emplace(measurement, Fields()).first;
  auto found = fields->second.find(field);
  if (found == fields->second.end()) found = fields->second.emplace(field, Known()).first;
  return found->second;
}

const FieldTypes::Known* FieldTypes::find(std::string_view measurement, std::string_view field) const {
  const auto fields = measurements_.find(measurement);
  if (fields == measurements_.end()) return nullptr;
  const auto found = fields->second.find(field);
  return found == fields->second.end() ? nullptr : &found->second;
}

void FieldTypes::learn(const InfluxAnswer& field_keys) {
  const std::lock_guard lock(mutex_);
  for (const InfluxSeries& series : field_keys.series) {
    if (series.columns.size() < 2) continue;
    std::map<std::string_view, int> times;  // that a name is listed: shards may differ
    for (size_t row = 0; row < series.rows(); ++row) ++times[series.cell(row, 0).text];
    for (size_t row = 0; row < series.rows(); ++row) {
      const std::string_view name = series.cell(row, 0).text;
      const auto type = type_named(series.cell(row, 1).text);
      const TypedName typed = split_type_suffix(name);
      Known& field = known(series.name, typed.plain);
      if (typed.type) {
        field.typed[static_cast<size_t>(*typed.type)] = true;
        continue;
      }
      // Where shards differ, InfluxDB answers with floats.
      if (type) field.plain = times[name] > 1 ? ValueType::kFloat : *type;
      if (!type || times[name] > 1 || *type == ValueType::kUnsigned) field.avoid = true;
    }
  }
}

std::string FieldTypes::name_for(std::string_view measurement, std::string_view field, ValueType type) {
  const std::lock_guard lock(mutex_);
  Known& here = known(measurement, field);
  if (type != ValueType::kUnsigned && !here.avoid) {
    if (!here.plain) here.plain = type;
    if (*here.plain == type) return std::string(field);
  }
  here.typed[static_cast<size_t>(type)] = true;
  return std::string(field) + std::string(type_suffix(type));
}

void FieldTypes::avoid(std::string_view measurement, std::string_view field) {
  const std::lock_guard lock(mutex_);
  known(measurement, field).avoid = true;
}

std::vector<FieldTypes::Column> FieldTypes::columns_of(std::string_view measurement, std::string_view field) const {
  const std::lock_guard lock(mutex_);
  std::vector<Column> columns;
  const Known* const here = find(measurement, field);
  if (here == nullptr) return columns;
  if (here->plain) columns.push_back({std::string(field), *here->plain});
  for (size_t i = 0; i < 4; ++i) {
    const auto type = static_cast<ValueType>(i);
    if (here->typed[i]) columns.push_back({std::string(field) + std::string(type_suffix(type)), type});
  }
  return columns;
}

bool FieldTypes::has(std::string_view measurement, std::string_view field) const {
  const std::lock_guard lock(mutex_);
  return find(measurement, field) != nullptr;
}

}  // namespace mps::store
