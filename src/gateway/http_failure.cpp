#include "gateway/http_failure.h"

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>

namespace mps::gateway {

void throw_exception_from_error(const HttpFailure& failure, const boost::source_location& where) {
  std::fprintf(stderr, "value() of a failed HttpResult (%s) at %s:%u\n", failure.message.c_str(), where.file_name(),
               static_cast<unsigned>(where.line()));
  std::abort();
}

Response to_response(const HttpFailure& failure) {
  Response response;
  response.status = failure.status;
  response.content_type = "application/json";
  response.body = boost::json::serialize(
      boost::json::object{{"code", failure.code}, {"message", failure.message}, {"error", failure.message}});
  if (failure.status == 503 || failure.status == 429) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace mps::gateway
