#pragma once

#include <boost/system/result.hpp>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/http_client.h"
#include "telegram/types.h"

namespace mps::telegram {

// What a refused or failed call asks us to do next.
enum class ApiErrorKind {
  kUnreachable,      // no answer, 5xx, or an answer that is not the Bot API's: try again later
  kTooManyRequests,  // 429: wait `retry_after`, then say it again
  kBadToken,         // 401, or 404 without a word about a method: nobody will ever answer this token
  kConflict,         // 409: another program polls with this token, or a webhook is set
  kChatGone,         // 403, or the chat does not exist: never write there again
  kChatMigrated,     // the group became a supergroup: say it again to `migrate_to`
  kMessageGone,      // the message can't be edited (deleted, too old, of another kind): send a new one
  kNotModified,      // the edit changes nothing: as good as done
  kQueryExpired,     // too late to answer the press of a button: ignore it
  kBadMarkup,        // the entities of the text don't parse: send it plain
  kRefused,          // any other 4xx: the same call will never work
  kStopped,          // we are shutting down
};

struct ApiError {
  ApiErrorKind kind = ApiErrorKind::kUnreachable;
  int code = 0;             // error_code of the Bot API, 0 where none came
  std::string description;  // a sentence for the log; never holds the token
  std::optional<Duration> retry_after;
  std::optional<ChatId> migrate_to;
};

// Called by Boost when value() is asked of a failed result: that is our bug.
[[noreturn]] void throw_exception_from_error(const ApiError& error, const boost::source_location& where);

template <class T = void>
using ApiResult = boost::system::result<T, ApiError>;

// Reads an answer that is not `"ok": true`: the Bot API's error object, or whatever a proxy on the way said.
// `parameters.retry_after` wins over the header Retry-After; 429 without either waits one second.
ApiError read_api_error(const HttpResponse& response);

// The same failure in the words of the layers below.
Error to_error(const ApiError& error);

}  // namespace mps::telegram
