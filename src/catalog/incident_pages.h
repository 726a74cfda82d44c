#pragma once

#include <optional>
#include <vector>

#include "catalog/database.h"

namespace mps::catalog {

// The numbers of the `count` newest incidents before `before` (nothing: of all), the newest first. Thread-safe.
Result<std::vector<int64_t>> incident_page(Database& database, std::optional<int64_t> before, size_t count,
                                           bool only_open);

}  // namespace mps::catalog
