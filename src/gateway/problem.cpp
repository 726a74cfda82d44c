#include "gateway/problem.h"

#include "gateway/api_types.h"
#include "gateway/json_text.h"

namespace mps::gateway {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return 400;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kNotEnoughData:
      return 409;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kPermissionDenied:
      return 403;
    case ErrorCode::kLimitExceeded:
      return 422;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kTimeout:
      return 504;
    case ErrorCode::kCorrupt:
    case ErrorCode::kIo:
    case ErrorCode::kInternal:
      break;
  }
  return 500;
}

Response problem(int status, std::string_view detail, std::string_view where) {
  api::Problem said{"about:blank", std::string(reason_phrase(status)), status, valid_utf8(detail), std::nullopt};
  if (!where.empty()) said.where = valid_utf8(where);
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = to_json_text(boost::json::value_from(said));
  if (status == 503) response.headers.emplace_back("Retry-After", "5");
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response problem(const Error& error) {
  return problem(status_of(error.code), error.message);
}

}  // namespace mps::gateway
