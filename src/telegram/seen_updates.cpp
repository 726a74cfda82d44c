#include "telegram/seen_updates.h"

#include <sstream>

#include "base/log.h"

namespace mps::telegram {
namespace {

constexpr const char* kUpdateGaps = "telegram.late_updates";
// After a week of silence Telegram may number updates from a new random place.
constexpr int64_t kNewSeriesBelow = 100'000;

std::set<int64_t> numbers_in(service::Hub& hub, const char* key) {
  std::set<int64_t> numbers;
  const auto text = hub.settings().get(key);
  if (!text) log::error("Which updates of Telegram were handled can't be read: {}", text.error().message);
  if (!text || !*text) return numbers;
  std::istringstream in(**text);
  for (int64_t number = 0; in >> number;) numbers.insert(number);
  return numbers;
}

}  // namespace

SeenUpdates::SeenUpdates(service::Hub& hub) : hub_(hub) {
  const auto next = numbers_in(hub, kUpdateOffset);
  if (!next.empty()) next_ = *next.begin();
  saved_gaps_ = gaps_ = numbers_in(hub, kUpdateGaps);
}

bool SeenUpdates::is_new(int64_t id) {
  if (id < next_ && id >= next_ - kNewSeriesBelow) return gaps_.erase(id) > 0;
  const bool follows = next_ > 0 && id >= next_ && id - next_ <= static_cast<int64_t>(kGapsMax);
  if (!follows) gaps_.clear();
  for (int64_t left_out = next_; follows && left_out < id; ++left_out) gaps_.insert(left_out);
  while (gaps_.size() > kGapsMax) gaps_.erase(gaps_.begin());
  next_ = id + 1;
  return true;
}

bool SeenUpdates::take(int64_t id) {
  if (!is_new(id)) return false;
  save();
  return true;
}

void SeenUpdates::save() {
  auto saved = hub_.settings().set(kUpdateOffset, std::to_string(next_));
  if (saved && gaps_ != saved_gaps_) {
    std::string text;
    for (const int64_t gap : gaps_) text += std::to_string(gap) + " ";
    saved = hub_.settings().set(kUpdateGaps, text);
  }
  if (saved) {
    saved_gaps_ = gaps_;
  } else {
    log::error("The place in Telegram's updates can't be saved: {}", saved.error().message);
  }
}

}  // namespace mps::telegram
