#pragma once

#include <optional>
#include <random>
#include <string>

#include "base/clock.h"
#include "base/error.h"

namespace mps::agent {

// What a hub answered.
struct Reply {
  int status = 0;
  std::optional<Duration> retry_after;
  std::string location;  // of a redirect
  std::string body;
};

enum class Verdict {
  kDelivered,
  kDrop,   // the hub will never take this batch
  kHalve,  // too large: try with fewer ticks; drop where it is one
  kKeep,   // may be taken later
};

struct Decision {
  Verdict verdict = Verdict::kKeep;
  std::optional<Duration> wait;  // as the hub asks; nothing: back off
  std::string problem;           // a sentence for the log, "" when delivered
};

// The meaning of an answer, or of the error that came in its place, as Telegraf's influxdb_v2 output sees it: 2xx
// delivered; 413 halve; 400, 406, 410, 422 drop; 401 and 403 keep, since a wrong token is mended by a person; 429 and
// 5xx keep, with Retry-After (at most 10 minutes) obeyed; all else (404, redirects: a wrong --hub) keep.
Decision decide(const Result<Reply>& answer);

// "120", in seconds; nothing for anything else (an HTTP date is not understood).
std::optional<Duration> parse_retry_after(std::string_view text);

// Growing pauses with jitter: each is a random share between half and all of 1, 2, 4 ... 60 seconds, so that a fleet
// does not return in step. Deterministic for a seed.
class Backoff {
 public:
  explicit Backoff(uint32_t seed) : random_(seed) {}
  Duration next();
  void reset() { failures_ = 0; }

 private:
  std::minstd_rand random_;
  int failures_ = 0;
};

}  // namespace mps::agent
