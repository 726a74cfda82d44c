#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metric/value.h"
#include "store/influxdb/query_result.h"

namespace mps::store {

// InfluxDB keeps one type a field, MPS one type a sample. So a field's plain name bears the type that came first, and
// what is of another type goes to a name with an ending (type_suffix). Names are those of influx_names.h. Thread-safe.
class FieldTypes {
 public:
  // What SHOW FIELD KEYS answers, in addition to what was learned by writing.
  void learn(const InfluxAnswer& field_keys);

  // The field that a value of this type is written to; a plain name that was free is taken by it.
  std::string name_for(std::string_view measurement, std::string_view field, ValueType type);
  // InfluxDB has refused the plain name of this field for its type: it is left alone from now on.
  void avoid(std::string_view measurement, std::string_view field);

  struct Column {
    std::string name;
    ValueType type;
  };
  // The fields that bear values of the field, the plain one first; empty where it was never heard of.
  std::vector<Column> columns_of(std::string_view measurement, std::string_view field) const;

  // Whether a field of the measurement has this plain name.
  bool has(std::string_view measurement, std::string_view field) const;

 private:
  struct Known {
    std::optional<ValueType> plain;  // where figures are there
    bool avoid = false;              // text, or several types: nothing more is written there
    bool typed[4] = {};              // by ValueType
  };
  using Fields = std::map<std::string, Known, std::less<>>;
  mutable std::mutex mutex_;
  std::map<std::string, Fields, std::less<>> measurements_;

  Known& known(std::string_view measurement, std::string_view field);
  const Known* find(std::string_view measurement, std::string_view field) const;
};

}  // namespace mps::store
