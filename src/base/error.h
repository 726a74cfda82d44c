#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

// The two kinds of failure: what the world does wrong is a Result<T>; what we do wrong is an assertion.
namespace mps {

enum class ErrorCode {
  kInvalidArgument,  // the caller sent something that can never work; saying it again will not help
  kNotFound,
  kAlreadyExists,
  kUnauthenticated,  // no token, or one that nobody issued
  kPermissionDenied,
  kLimitExceeded,  // a documented limit; the message names it
  kUnavailable,    // may work later: full queue, starting, remote down
  kTimeout,
  kCorrupt,  // bytes on disk are not what was written
  kIo,
  kNotEnoughData,  // too little history for what was asked
  kInternal,
};

// A name for logs and JSON, such as "not_found".
std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // a sentence: what, where, and how to mend it
};

// Called by Boost when value() is asked of a failed result: that is our bug.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T = void>
using Result = boost::system::result<T, Error>;

}  // namespace mps

// MPS_TRY(auto x, f()): declares x with the value of the result, or returns its error from the enclosing function.
#define MPS_CONCAT_INNER(a, b) a##b
#define MPS_CONCAT(a, b) MPS_CONCAT_INNER(a, b)
#define MPS_TRY(declaration, expression) MPS_TRY_IMPL(MPS_CONCAT(mps_result_, __COUNTER__), declaration, expression)
#define MPS_TRY_IMPL(result, declaration, expression) \
  auto result = (expression);                         \
  if (!result) return result.error();                 \
  declaration = std::move(*result)
// MPS_TRY_VOID(f()): the same where there is no value.
#define MPS_TRY_VOID(expression) MPS_TRY_VOID_IMPL(MPS_CONCAT(mps_result_, __COUNTER__), expression)
#define MPS_TRY_VOID_IMPL(result, expression)                       \
  do {                                                              \
    if (auto result = (expression); !result) return result.error(); \
  } while (false)
