#include "store/influxdb/backlog.h"

#include <algorithm>

namespace mps::store {
namespace {

constexpr size_t kLooksMax = 1024;  // a day's, while InfluxDB is tried every minute or two

}  // namespace

void Backlog::add(const JournalAmount& more, Timestamp now) {
  waiting_.samples += more.samples;
  waiting_.bytes += more.bytes;
  if (more.last_seq > counted_to_) counted_to_ = more.last_seq;
  if (counted_to_ == 0) return;
  const bool nothing_new = !looks_.empty() && looks_.back().seq == counted_to_;
  const bool close = looks_.size() >= 2 && looks_.back().at - looks_[looks_.size() - 2].at < spacing_;
  if (nothing_new || close) {
    looks_.back() = {counted_to_, now};
    return;
  }
  if (looks_.size() >= kLooksMax) {  // every other one still tells how far it is
    for (size_t i = 0; 2 * i < looks_.size(); ++i) looks_[i] = looks_[2 * i];
    looks_.resize((looks_.size() + 1) / 2);
    spacing_ = (now - looks_.front().at) / static_cast<int64_t>(looks_.size());
  }
  looks_.push_back({counted_to_, now});
}

Timestamp Backlog::sent(int64_t last_seq, const JournalAmount& amount, Timestamp as_of) {
  const auto rest = std::find_if(looks_.begin(), looks_.end(), [&](const Look& look) { return look.seq > last_seq; });
  if (rest != looks_.begin()) as_of = std::max(as_of, (rest - 1)->at);
  looks_.erase(looks_.begin(), rest);
  if (looks_.empty()) spacing_ = {};
  if (last_seq >= counted_to_) {
    counted_to_ = last_seq;
    waiting_ = {};
  } else {
    waiting_.samples -= std::min(waiting_.samples, amount.samples);
    waiting_.bytes -= std::min(waiting_.bytes, amount.bytes);
  }
  return as_of;
}

}  // namespace mps::store
