#include "gateway/schema.h"

namespace mps::gateway::schema_detail {
namespace {

namespace json = boost::json;

bool takes_null(const json::object& schema) {
  const auto* type = schema.if_contains("type");
  return type != nullptr && type->is_array();
}

json::array choices(std::string_view values, bool with_null) {
  json::array out;
  while (!values.empty()) {
    const size_t bar = values.find('|');
    out.emplace_back(values.substr(0, bar));
    values.remove_prefix(bar == std::string_view::npos ? values.size() : bar + 1);
  }
  if (with_null) out.emplace_back(nullptr);
  return out;
}

// Whole numbers without a fraction.
json::value bound(double value) {
  if (value == static_cast<double>(static_cast<int64_t>(value))) return static_cast<int64_t>(value);
  return value;
}

void limit_value(json::object& schema, const Limits& limits) {
  if (limits.min) schema["minimum"] = bound(*limits.min);
  if (limits.max) schema["maximum"] = bound(*limits.max);
  if (limits.length_min > 0) schema["minLength"] = limits.length_min;
  if (limits.length_max > 0) schema["maxLength"] = limits.length_max;
  if (!limits.values.empty()) schema["enum"] = choices(limits.values, takes_null(schema));
}

}  // namespace

void document(json::object& schema, const FieldDoc& doc) {
  if (!doc.meaning.empty()) schema["description"] = doc.meaning;
  if (!doc.example.empty()) schema["examples"] = json::array{doc.example};
  if (doc.limits.items_max > 0) schema["maxItems"] = doc.limits.items_max;
  auto* items = schema.if_contains("items");
  limit_value(items != nullptr ? items->as_object() : schema, doc.limits);
}

}  // namespace mps::gateway::schema_detail
