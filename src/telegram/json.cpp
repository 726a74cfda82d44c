#include "telegram/json.h"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

namespace mps::telegram {
namespace {

std::optional<int64_t> integer_in(const boost::json::string& text) {
  int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<int64_t> integer_in(double number) {
  if (std::abs(number) > 9e15 || std::floor(number) != number) return std::nullopt;
  return static_cast<int64_t>(number);
}

}  // namespace

std::optional<int64_t> integer_at(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = value->if_int64()) return *number;
  if (const auto* number = value->if_double()) return integer_in(*number);
  if (const auto* text = value->if_string()) return integer_in(*text);
  return std::nullopt;  // above 2^63 is nobody's id
}

std::string text_at(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

const boost::json::object* object_at(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

}  // namespace mps::telegram
