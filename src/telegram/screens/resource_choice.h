#pragma once

#include <string>

#include "metric/resource.h"
#include "telegram/screen.h"

namespace mps::telegram {

// Which resource a request is about.
struct ResourceChoice {
  const Resource* chosen;  // null: see `otherwise`
  Replies otherwise;       // that there is none of this name, and which there are
};
// "" is the first of the catalogue.
ResourceChoice choose_resource(const std::string& name, Services& services);

}  // namespace mps::telegram
