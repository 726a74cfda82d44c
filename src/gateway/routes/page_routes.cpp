#include "gateway/routes/routes.h"

namespace mps::gateway {

void add_page_routes(Routes&) {}

}  // namespace mps::gateway
