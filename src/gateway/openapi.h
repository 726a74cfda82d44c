#pragma once

#include <span>
#include <string>

#include "gateway/route.h"

namespace mps::gateway {

// The OpenAPI 3.1 document of the routes that have a tag, as JSON.
std::string openapi_document(std::span<const Route> routes, std::string_view version);

}  // namespace mps::gateway
