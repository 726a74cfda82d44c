#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "gateway/http_message.h"

namespace mps::gateway {

// The answers to requests that bore an Idempotency-Key, so that one that is sent again, because its answer was lost, is
// not done again. They are kept in memory alone, since some of them bear a token that is shown once: a restart of the
// hub forgets them. Thread-safe.
class IdempotencyKeys {
 public:
  struct Options {
    Duration kept = std::chrono::hours(24);
    size_t keys_max = 1000;      // beyond, the oldest are forgotten
    size_t bytes_max = 4 << 20;  // of all answers together; likewise
    size_t key_bytes_max = 200;
  };
  explicit IdempotencyKeys(Options options) : options_(options) {}

  // A request with a key: `caller` and `key` say which, `fingerprint` is of all that it asks for. Nothing where it is
  // to be done: finish() or forget() it then. Else what to answer: what was answered before, 409 while that is under
  // way, 422 where the key was used for something else, 400 for what is no key.
  std::optional<Response> begin(const std::string& caller, const std::string& key, const std::string& fingerprint,
                                Timestamp now);
  void finish(const std::string& caller, const std::string& key, const Response& answer);
  void forget(const std::string& caller, const std::string& key);

 private:
  struct Entry {
    std::string name, fingerprint;
    Timestamp at;
    std::optional<Response> answer;  // nothing while it is made
    size_t bytes = 0;
  };
  using Entries = std::list<Entry>;  // the oldest first
  void erase(Entries::iterator entry);
  void make_room(Timestamp now);

  const Options options_;
  std::mutex mutex_;
  Entries entries_;
  std::unordered_map<std::string, Entries::iterator> by_name_;
  size_t bytes_ = 0;
};

}  // namespace mps::gateway
