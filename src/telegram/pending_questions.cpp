#include "telegram/pending_questions.h"

#include <fmt/format.h>

#include "base/text.h"

namespace mps::telegram {
namespace {

constexpr auto kAnswerWithin = std::chrono::hours(1);

std::string key_of(ChatId chat, UserId user) {
  return fmt::format("telegram.question.{}.{}", static_cast<int64_t>(chat), static_cast<int64_t>(user));
}

}  // namespace

Result<void> PendingQuestions::ask(ChatId chat, UserId user, std::string_view command) {
  const std::string asked_at = format_rfc3339(std::chrono::floor<std::chrono::seconds>(hub_.clock().now()));
  return hub_.settings().set(key_of(chat, user), fmt::format("{} {}", asked_at, command));
}

std::optional<std::string> PendingQuestions::take(ChatId chat, UserId user) {
  const std::string key = key_of(chat, user);
  const auto stored = hub_.settings().get(key);
  if (!stored || !*stored) return std::nullopt;
  if (!hub_.settings().remove(key)) return std::nullopt;
  const std::string& text = **stored;
  const size_t space = text.find(' ');
  if (space == std::string::npos) return std::nullopt;
  const auto asked_at = parse_time(std::string_view(text).substr(0, space));
  if (!asked_at || hub_.clock().now() - *asked_at > kAnswerWithin) return std::nullopt;
  return text.substr(space + 1);
}

}  // namespace mps::telegram
