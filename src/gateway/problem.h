#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "gateway/http_message.h"

namespace mps::gateway {

// Problem details (RFC 9457) for an error of the service, with the status that fits it.
Response problem(const Error& error);
// `where`: the parameter or field that is to blame, such as "query: step" or "body: /name"; "" where it is none.
// 401, 429 and 503 bear the headers that go with them.
Response problem(int status, std::string_view detail, std::string_view where = {});
int status_of(ErrorCode code);

}  // namespace mps::gateway
