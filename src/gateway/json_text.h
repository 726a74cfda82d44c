#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace mps::gateway {

// JSON as people write it: 25 and 12.5 where Boost.JSON writes 2.5E1 and 1.25E1, and null for what is no number.
std::string to_json_text(const boost::json::value& value);

}  // namespace mps::gateway
