#pragma once

#include <cstdint>

#include "base/clock.h"
#include "catalog/database.h"

namespace mps::service {

// A group became a supergroup: the same people, a new number, and none of its old messages can be edited or answered.
// All that is known of the chat goes to the new number: its place among those that get alerts, its quiet hours and
// daily report, what is held back for it and what waits to be sent. The living messages of what still fires are sent
// anew. One transaction; done again it does no harm, and of a chat that is not known nothing.
Result<void> move_chat(catalog::Database& database, int64_t from, int64_t to, Timestamp now);

}  // namespace mps::service
