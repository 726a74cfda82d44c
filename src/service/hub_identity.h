#pragma once

#include <string>

#include "base/error.h"
#include "catalog/settings.h"

namespace mps::service {

// Tells this hub's servers from those of other hubs in a database that they share. Made at the first call and kept in
// the catalog, so that a restored backup finds its history again.
Result<std::string> hub_identity(catalog::Settings& settings);

}  // namespace mps::service
