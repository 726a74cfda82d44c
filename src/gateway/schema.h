#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/text.h"

// JSON Schemas (2020-12, as OpenAPI 3.1 uses them) of described structs: what serialises a struct also documents it.
namespace mps::gateway {

// What a value may be: documented, and held against what comes in (input.h). What is left out limits nothing.
struct Limits {
  std::optional<double> min = {}, max = {};  // of numbers
  size_t length_min = 0, length_max = 0;     // of texts, in characters
  size_t items_max = 0;                      // of lists; the others are of their items then
  std::string_view values = {};              // "warning|critical": none but these
};

// What a field of a described struct means, for the reader of the API's documentation. A struct lists them in a static
// `kDocs`, and bears the name of its schema in a static `kSchema`. What comes in, rather than goes out, says so by a
// static `kRequest`: its optional fields and lists may be left out, and others than its fields are refused.
struct FieldDoc {
  std::string_view field, meaning;
  Limits limits = {};
  std::string_view example = {};
};

// An instant, in JSON as RFC 3339 in UTC, to the millisecond.
struct Rfc3339 {
  Timestamp time;
};
inline void tag_invoke(boost::json::value_from_tag, boost::json::value& json, const Rfc3339& t) {
  json = format_rfc3339(std::chrono::floor<std::chrono::milliseconds>(t.time));
}

// Times beyond these are refused: sums of what clients send must not overflow.
inline constexpr Timestamp kTimeMin{std::chrono::seconds(0)};
inline constexpr Timestamp kTimeMax{std::chrono::seconds(7'000'000'000)};  // in the year 2191

// A length of time, up to a hundred years, in JSON as "90d", "1h30m" or "10s".
struct Span {
  Duration length{};
};
inline void tag_invoke(boost::json::value_from_tag, boost::json::value& json, const Span& span) {
  json = format_duration(span.length);
}

// Schemas by name, as they stand under components/schemas.
using Schemas = boost::json::object;

inline constexpr std::string_view kSpanPattern = "^([0-9]+(ms|s|m|h|d) ?)+$";

// The schema of a T. Structs go into `named` once, and are referred to.
template <class T>
boost::json::object schema_of(Schemas& named);

namespace schema_detail {

template <class T>
struct Unwrapped {
  using Inner = T;
  static constexpr bool kOptional = false, kList = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Inner = T;
  static constexpr bool kOptional = true, kList = false;
};
template <class T>
struct Unwrapped<std::vector<T>> {
  using Inner = T;
  static constexpr bool kOptional = false, kList = true;
};

template <class T>
const FieldDoc& doc_of(std::string_view field) {
  static constexpr FieldDoc kNone{};
  if constexpr (requires { T::kDocs; }) {
    for (const FieldDoc& doc : T::kDocs)
      if (doc.field == field) return doc;
  }
  return kNone;
}

template <class T>
constexpr bool is_request() {
  return requires {
    T::kRequest;
  };
}

template <class Member>
constexpr bool may_be_missing() {
  return Unwrapped<Member>::kOptional || Unwrapped<Member>::kList;
}

// Writes meaning, example and limits into the schema of a field.
void document(boost::json::object& schema, const FieldDoc& doc);

template <class T>
boost::json::object object_schema(Schemas& named) {
  boost::json::object properties;
  boost::json::array required;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
    using Member = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
    boost::json::object property = schema_of<Member>(named);
    document(property, doc_of<T>(member.name));
    properties[member.name] = std::move(property);
    if (!is_request<T>() || !may_be_missing<Member>()) required.emplace_back(member.name);
  });
  boost::json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  if (is_request<T>()) schema["additionalProperties"] = false;
  return schema;
}

// `schema`, or null.
inline boost::json::object nullable(boost::json::object schema) {
  if (auto* type = schema.if_contains("type"); type && type->is_string()) {
    *type = boost::json::array{*type, "null"};
    return schema;
  }
  return {{"anyOf", boost::json::array{std::move(schema), boost::json::object{{"type", "null"}}}}};
}

}  // namespace schema_detail

template <class T>
boost::json::object schema_of(Schemas& named) {
  using schema_detail::Unwrapped;
  if constexpr (Unwrapped<T>::kOptional) {
    return schema_detail::nullable(schema_of<typename Unwrapped<T>::Inner>(named));
  } else if constexpr (Unwrapped<T>::kList) {
    return {{"type", "array"}, {"items", schema_of<typename Unwrapped<T>::Inner>(named)}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_integral_v<T>) {
    return {{"type", "integer"}};
  } else if constexpr (std::is_floating_point_v<T>) {
    return {{"type", "number"}};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {{"type", "string"}};
  } else if constexpr (std::is_same_v<T, Rfc3339>) {
    return {{"type", "string"}, {"format", "date-time"}};
  } else if constexpr (std::is_same_v<T, Span>) {
    return {{"type", "string"}, {"pattern", kSpanPattern}};
  } else {
    if (!named.contains(T::kSchema)) {
      named[T::kSchema] = nullptr;  // being made: a struct may hold itself
      boost::json::object made = schema_detail::object_schema<T>(named);
      named[T::kSchema] = std::move(made);
    }
    return {{"$ref", "#/components/schemas/" + std::string(T::kSchema)}};
  }
}

}  // namespace mps::gateway
