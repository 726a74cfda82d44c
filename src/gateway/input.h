#pragma once

#include <boost/json.hpp>
#include <boost/system/result.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "gateway/schema.h"
#include "gateway/url.h"

// Described structs out of what a client sends, held against the limits that their fields declare (schema.h).
namespace mps::gateway {

// What is wrong with a request, where ("body: /name"), and how to mend it.
struct InputFault {
  std::string where;
  std::string what;
  int status = 400;
};
[[noreturn]] void throw_exception_from_error(const InputFault& fault, const boost::source_location& where);
template <class T>
using InputResult = boost::system::result<T, InputFault>;

namespace input_detail {

using Fault = std::optional<InputFault>;

// The JSON of a request's body: not nested too deep, and without anything behind it.
InputResult<boost::json::value> parse_json(std::string_view body);

Fault check_text(const std::string& text, const Limits& limits, const std::string& where);
Fault check_number(double number, const Limits& limits, const std::string& where);
Fault read_time(const boost::json::value& json, const std::string& where, Rfc3339& out);
Fault read_span(const boost::json::value& json, const std::string& where, Span& out);
Fault read_string(const boost::json::value& json, const Limits& limits, const std::string& where, std::string& out);
// What a query parameter says, as the JSON that its field would have: "5" is a number where `like` wants one.
enum class Kind { kText, kNumber, kBool };
boost::json::value json_of_text(const std::string& text, Kind kind);
Fault refuse_others(const boost::json::object& object, std::span<const std::string_view> known,
                    const std::string& where);

template <class T>
Fault read_object(const boost::json::value& json, const std::string& where, T& out);

template <class T>
Fault read_number(const boost::json::value& json, const Limits& limits, const std::string& where, T& out) {
  if (!json.is_number()) return InputFault{where, "must be a number"};
  const double number = json.to_number<double>();
  if constexpr (std::is_integral_v<T>) {
    boost::system::error_code inexact;
    out = json.to_number<T>(inexact);
    if (inexact) return InputFault{where, "must be a whole number that fits"};
  } else {
    out = static_cast<T>(number);
  }
  return check_number(number, limits, where);
}

template <class T>
Fault read_value(const boost::json::value& json, const Limits& limits, const std::string& where, T& out) {
  using schema_detail::Unwrapped;
  if constexpr (Unwrapped<T>::kOptional) {
    if (json.is_null()) return std::nullopt;
    return read_value(json, limits, where, out.emplace());
  } else if constexpr (Unwrapped<T>::kList) {
    if (!json.is_array()) return InputFault{where, "must be a list"};
    const auto& items = json.get_array();
    if (limits.items_max > 0 && items.size() > limits.items_max)
      return InputFault{where, "holds " + std::to_string(items.size()) + " items; at most " +
                                   std::to_string(limits.items_max) + " are taken"};
    out.reserve(items.size());
    for (size_t i = 0; i < items.size(); ++i) {
      if (auto fault = read_value(items[i], limits, where + "/" + std::to_string(i), out.emplace_back())) return fault;
    }
    return std::nullopt;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_bool()) return InputFault{where, "must be true or false"};
    out = json.get_bool();
    return std::nullopt;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return read_number(json, limits, where, out);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return read_string(json, limits, where, out);
  } else if constexpr (std::is_same_v<T, Rfc3339>) {
    return read_time(json, where, out);
  } else if constexpr (std::is_same_v<T, Span>) {
    return read_span(json, where, out);
  } else {
    return read_object(json, where, out);
  }
}

template <class T>
Fault read_object(const boost::json::value& json, const std::string& where, T& out) {
  if (!json.is_object()) return InputFault{where, "must be a JSON object"};
  Fault fault;
  std::vector<std::string_view> known;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
    using Member = std::remove_cvref_t<decltype(out.*member.pointer)>;
    known.emplace_back(member.name);
    if (fault) return;
    const std::string place = where + (where.ends_with('/') ? "" : "/") + member.name;
    if (const auto* value = json.get_object().if_contains(member.name)) {
      fault = read_value(*value, schema_detail::doc_of<T>(member.name).limits, place, out.*member.pointer);
    } else if (!schema_detail::may_be_missing<Member>()) {
      fault = InputFault{place, "is missing"};
    }
  });
  return fault ? fault : refuse_others(json.get_object(), known, where);
}

template <class Member>
constexpr Kind kind_of_text() {
  using Inner = typename schema_detail::Unwrapped<Member>::Inner;
  if constexpr (std::is_same_v<Inner, bool>) return Kind::kBool;
  return std::is_arithmetic_v<Inner> ? Kind::kNumber : Kind::kText;
}

// What a query says of a field: of a list every value of that name. Null where it says nothing.
template <class Member>
boost::json::value json_of_parameter(const Parameters& query, std::string_view name) {
  if constexpr (schema_detail::Unwrapped<Member>::kList) {
    boost::json::array items;
    for (const std::string& text : query.all(name)) items.push_back(json_of_text(text, kind_of_text<Member>()));
    return items;
  } else {
    const auto text = query.find(name);
    return text ? json_of_text(*text, kind_of_text<Member>()) : boost::json::value();
  }
}

}  // namespace input_detail

// A T from the JSON of a body.
template <class T>
InputResult<T> read_body(std::string_view body) {
  auto json = input_detail::parse_json(body);
  if (!json) return json.error();
  T out{};
  if (auto fault = input_detail::read_object(*json, "body: ", out)) return *fault;
  return out;
}

// A T from the parameters of a query; those that it has no field for are not looked at.
template <class T>
InputResult<T> read_query(const Parameters& query) {
  T out{};
  input_detail::Fault fault;
  boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
    using Member = std::remove_cvref_t<decltype(out.*member.pointer)>;
    if (fault) return;
    const std::string place = std::string("query: ") + member.name;
    const boost::json::value value = input_detail::json_of_parameter<Member>(query, member.name);
    if (value.is_null()) {
      if (!schema_detail::may_be_missing<Member>()) fault = InputFault{place, "is missing"};
    } else {
      fault = input_detail::read_value(value, schema_detail::doc_of<T>(member.name).limits, place, out.*member.pointer);
    }
  });
  if (fault) return *fault;
  return out;
}

}  // namespace mps::gateway
