#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace mps::gateway {

// How often each of many may do something: a token bucket for each key, which fills at `per_second` up to `burst`.
// Remembers at most `keys_max` that are not full. Thread-safe.
class Buckets {
 public:
  struct Options {
    double per_second = 1;  // 0: there is no limit
    double burst = 1;
    size_t keys_max = 10'000;
  };
  explicit Buckets(Options options) : options_(options) {}

  // Takes one of `key`. Nothing where there was one, else how long until there is.
  std::optional<Duration> take(std::string_view key, Timestamp now);
  // The same without taking it.
  std::optional<Duration> wait_of(std::string_view key, Timestamp now);

 private:
  struct Bucket {
    double left = 0;
    Timestamp at;
  };
  double left_in(const Bucket& bucket, Timestamp now) const;
  Duration until_one(double left) const;
  void make_room(Timestamp now);

  const Options options_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace mps::gateway
