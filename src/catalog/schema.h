#pragma once

#include <span>
#include <string_view>

namespace mps::catalog {

// The statements that bring the tables from version i to i + 1, for every i. Only ever appended to.
std::span<const std::string_view> migrations();

}  // namespace mps::catalog
