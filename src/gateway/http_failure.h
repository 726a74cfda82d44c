#pragma once

#include <boost/system/result.hpp>
#include <string>

#include "gateway/http_message.h"

namespace mps::gateway {

// Why a request can't be served, as the client is told.
struct HttpFailure {
  int status = 0;
  std::string_view code{};  // as InfluxDB names it: "invalid", "request too large", "unavailable" ...
  std::string message;      // a sentence
};

[[noreturn]] void throw_exception_from_error(const HttpFailure& failure, const boost::source_location& where);

template <class T>
using HttpResult = boost::system::result<T, HttpFailure>;

// JSON with `code` and `message` as InfluxDB 2 has them and `error` as InfluxDB 1 has it, so that every agent finds the
// reason where it looks. 503 bears Retry-After.
Response to_response(const HttpFailure& failure);

}  // namespace mps::gateway
