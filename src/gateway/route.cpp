#include "gateway/route.h"

#include "gateway/api_types.h"

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

Response problem(int status, std::string_view detail) {
  Response response =
      json_response(api::Problem{std::string(reason_phrase(status)), status, std::string(detail)}, status);
  response.content_type = "application/problem+json";
  if (status == 503) response.headers.emplace_back("Retry-After", "5");
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Response problem(const Error& error) {
  return problem(status_of(error.code), error.message);
}

std::function<void(const Call&, Reply)> answering(std::function<Result<Response>(const Call&)> answer) {
  return [answer = std::move(answer)](const Call& call, const Reply& reply) {
    Result<Response> response = answer(call);
    reply(response ? std::move(*response) : problem(response.error()));
  };
}

}  // namespace mps::gateway
