#include "agent/push_policy.h"

#include <algorithm>
#include <fmt/format.h>

#include "agent/scan.h"
#include "base/text.h"

namespace mps::agent {
namespace {

using std::chrono::seconds;

constexpr seconds kRetryAfterMax{600};
constexpr seconds kBackoffMax{60};

// The hub's own words, on one line and not too many of them.
std::string words_of(const Reply& reply) {
  constexpr size_t kShown = 500;
  std::string text = valid_utf8(trim(reply.body).substr(0, kShown));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text.empty() ? "no reason given" : text;
}

Decision decide_status(const Reply& reply) {
  const std::string words = words_of(reply);
  const int status = reply.status;
  switch (status) {
    case 400:
    case 406:
    case 410:
    case 422:
      return {Verdict::kDrop, std::nullopt, fmt::format("the hub refused figures for good ({}): {}", status, words)};
    case 401:
    case 403:
      return {Verdict::kKeep, std::nullopt,
              fmt::format("the hub does not accept the token ({}): give the right one with MPS_TOKEN or --token-file "
                          "(mps server rotate NAME prints a new one). The hub says: {}",
                          status, words)};
    case 404:
    case 405:
      return {Verdict::kKeep, std::nullopt, fmt::format("the hub has no /api/v2/write ({}): check --hub", status)};
    case 413:
      return {Verdict::kHalve, std::nullopt, "the hub says that the request is too large (413): sending smaller ones"};
    default:
      break;
  }
  if (status / 100 == 3) {
    return {
        Verdict::kKeep, std::nullopt,
        fmt::format("the hub redirects ({}) to {}: give that address as --hub", status, valid_utf8(reply.location))};
  }
  return {Verdict::kKeep, reply.retry_after, fmt::format("the hub can't take figures now ({}): {}", status, words)};
}

}  // namespace

Decision decide(const Result<Reply>& answer) {
  if (!answer) return {Verdict::kKeep, std::nullopt, answer.error().message};
  if (answer->status / 100 == 2) return {Verdict::kDelivered, std::nullopt, ""};
  return decide_status(*answer);
}

std::optional<Duration> parse_retry_after(std::string_view text) {
  const auto wait = to_natural(trim(text));
  if (!wait) return std::nullopt;
  return seconds(std::min<uint64_t>(*wait, kRetryAfterMax.count()));
}

Duration Backoff::next() {
  const Duration whole = std::min<Duration>(kBackoffMax, seconds(1) * (1 << std::min(failures_, 10)));
  ++failures_;
  std::uniform_real_distribution<double> share(0.5, 1.0);
  return Duration(static_cast<int64_t>(static_cast<double>(whole.count()) * share(random_)));
}

}  // namespace mps::agent
