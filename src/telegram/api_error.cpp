#include "telegram/api_error.h"

#include <array>
#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "telegram/json.h"

namespace mps::telegram {
namespace {

struct DescriptionRule {
  std::string_view part;
  ApiErrorKind kind;
};

// The Bot API tells its 400s apart by words alone.
constexpr std::array kBadRequestRules = std::to_array<DescriptionRule>({
    {"message is not modified", ApiErrorKind::kNotModified},
    {"message to edit not found", ApiErrorKind::kMessageGone},
    {"message can't be edited", ApiErrorKind::kMessageGone},
    {"there is no text in the message to edit", ApiErrorKind::kMessageGone},
    {"MESSAGE_ID_INVALID", ApiErrorKind::kMessageGone},
    {"query is too old", ApiErrorKind::kQueryExpired},
    {"query ID is invalid", ApiErrorKind::kQueryExpired},
    {"can't parse entities", ApiErrorKind::kBadMarkup},
    {"chat not found", ApiErrorKind::kChatGone},
});

ApiErrorKind kind_of_bad_request(const ApiError& error) {
  if (error.migrate_to) return ApiErrorKind::kChatMigrated;
  for (const auto& rule : kBadRequestRules) {
    if (error.description.find(rule.part) != std::string::npos) return rule.kind;
  }
  return ApiErrorKind::kRefused;
}

ApiErrorKind kind_of(const ApiError& error) {
  switch (error.code) {
    case 400:
      return kind_of_bad_request(error);
    case 401:
      return ApiErrorKind::kBadToken;
    case 403:
      return ApiErrorKind::kChatGone;
    case 404:
      return error.description.find("method") == std::string::npos ? ApiErrorKind::kBadToken : ApiErrorKind::kRefused;
    case 409:
      return ApiErrorKind::kConflict;
    case 429:
      return ApiErrorKind::kTooManyRequests;
    default:
      return error.code >= 400 && error.code < 500 ? ApiErrorKind::kRefused : ApiErrorKind::kUnreachable;
  }
}

// What a person can do about it, in front of Telegram's own words.
std::string explain(const ApiError& error) {
  switch (error.kind) {
    case ApiErrorKind::kBadToken:
      return fmt::format(
          "Telegram does not know this bot token ({}): copy it again from @BotFather into MPS_TELEGRAM_TOKEN",
          error.description);
    case ApiErrorKind::kConflict:
      return fmt::format("another program already receives this bot's messages ({}): stop it, or make a bot of its own",
                         error.description);
    default:
      return error.description;
  }
}

std::optional<Duration> seconds_from(std::optional<int64_t> count) {
  if (!count || *count < 0) return std::nullopt;
  return std::chrono::seconds(std::min<int64_t>(*count, 24 * 3600));
}

std::optional<Duration> retry_after_header(const HttpResponse& response) {
  const auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return std::nullopt;
  const auto number = parse_number(header->second);
  return number ? seconds_from(static_cast<int64_t>(*number)) : std::nullopt;
}

void read_body(const boost::json::object& body, ApiError& error) {
  error.code = static_cast<int>(integer_at(body, "error_code").value_or(error.code));
  error.description = text_at(body, body.contains("description") ? "description" : "message");
  if (const auto* parameters = object_at(body, "parameters")) {
    error.retry_after = seconds_from(integer_at(*parameters, "retry_after"));
    if (const auto id = integer_at(*parameters, "migrate_to_chat_id")) error.migrate_to = ChatId(*id);
  }
}

}  // namespace

void throw_exception_from_error(const ApiError& error, const boost::source_location& where) {
  throw_exception_from_error(to_error(error), where);
}

ApiError read_api_error(const HttpResponse& response) {
  ApiError error;
  error.code = response.status;
  boost::system::error_code failure;
  const auto body = boost::json::parse(response.body, failure);
  if (!failure && body.is_object()) read_body(body.get_object(), error);
  if (error.description.empty()) error.description = fmt::format("HTTP {} without a description", response.status);
  error.kind = kind_of(error);
  if (!error.retry_after) error.retry_after = retry_after_header(response);
  if (!error.retry_after && error.kind == ApiErrorKind::kTooManyRequests) error.retry_after = std::chrono::seconds(1);
  error.description = explain(error);
  return error;
}

Error to_error(const ApiError& error) {
  switch (error.kind) {
    case ApiErrorKind::kBadToken:
      return {ErrorCode::kUnauthenticated, error.description};
    case ApiErrorKind::kChatGone:
      return {ErrorCode::kPermissionDenied, error.description};
    case ApiErrorKind::kMessageGone:
    case ApiErrorKind::kQueryExpired:
      return {ErrorCode::kNotFound, error.description};
    case ApiErrorKind::kNotModified:
    case ApiErrorKind::kBadMarkup:
    case ApiErrorKind::kRefused:
      return {ErrorCode::kInvalidArgument, error.description};
    default:
      return {ErrorCode::kUnavailable, error.description};
  }
}

}  // namespace mps::telegram
