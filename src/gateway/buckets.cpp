#include "gateway/buckets.h"

#include <algorithm>

namespace mps::gateway {

// A clock that was set back fills nothing.
double Buckets::left_in(const Bucket& bucket, Timestamp now) const {
  const double passed = std::max(0.0, std::chrono::duration<double>(now - bucket.at).count());
  return std::min(options_.burst, bucket.left + passed * options_.per_second);
}

Duration Buckets::until_one(double left) const {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>((1 - left) / options_.per_second)) +
         Duration(1);
}

std::optional<Duration> Buckets::wait_of(std::string_view key, Timestamp now) {
  if (options_.per_second <= 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto found = buckets_.find(std::string(key));
  if (found == buckets_.end()) return std::nullopt;
  const double left = left_in(found->second, now);
  return left >= 1 ? std::nullopt : std::optional(until_one(left));
}

std::optional<Duration> Buckets::take(std::string_view key, Timestamp now) {
  if (options_.per_second <= 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  auto found = buckets_.find(std::string(key));
  if (found == buckets_.end()) {
    if (buckets_.size() >= options_.keys_max) make_room(now);
    found = buckets_.emplace(std::string(key), Bucket{options_.burst, now}).first;
  }
  Bucket& bucket = found->second;
  bucket = {left_in(bucket, now), now};
  if (bucket.left < 1) return until_one(bucket.left);
  bucket.left -= 1;
  return std::nullopt;
}

// Those that are full again are as good as unknown. Where nobody's is, anybody's goes: memory has a limit.
void Buckets::make_room(Timestamp now) {
  std::erase_if(buckets_, [&](const auto& entry) { return left_in(entry.second, now) >= options_.burst; });
  if (buckets_.size() >= options_.keys_max) buckets_.erase(buckets_.begin());
}

}  // namespace mps::gateway
