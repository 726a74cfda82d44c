#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Reading JSON of others: what is absent or of another type reads as nothing, never as a failure.
namespace mps::telegram {

// An integer however it was written: 42, 4.2e1, "42".
std::optional<int64_t> integer_at(const boost::json::object& object, std::string_view name);
// "" where there is no such text.
std::string text_at(const boost::json::object& object, std::string_view name);
// Null where there is no such object.
const boost::json::object* object_at(const boost::json::object& object, std::string_view name);

}  // namespace mps::telegram
