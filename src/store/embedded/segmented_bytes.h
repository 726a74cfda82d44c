#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace mps::store {

// Bytes that only grow, in segments that never move. Many streams that grow side by side would leave a reallocating
// vector's old places behind as holes that fit nobody; segments of a few sizes fit everybody.
class SegmentedBytes {
 public:
  void append(const uint8_t* bytes, size_t count) {
    while (count > 0) {
      if (size_ == capacity_) {
        const size_t fresh = next_segment();
        if (segments_.size() == segments_.capacity()) segments_.reserve(segments_.size() + 4);
        segments_.push_back(std::make_unique_for_overwrite<uint8_t[]>(fresh));
        capacity_ += static_cast<uint32_t>(fresh);
      }
      const size_t room = capacity_ - size_, now = std::min(room, count);
      std::memcpy(segments_.back().get() + (segment_size(segments_.size() - 1) - room), bytes, now);
      size_ += static_cast<uint32_t>(now);
      bytes += now;
      count -= now;
    }
  }

  // All of it in one piece.
  std::vector<uint8_t> flat() const {
    std::vector<uint8_t> out;
    out.reserve(size_);
    for (size_t i = 0; i < segments_.size(); ++i) {
      const size_t count = std::min(segment_size(i), size_ - out.size());
      out.insert(out.end(), segments_[i].get(), segments_[i].get() + count);
    }
    return out;
  }

  size_t size() const { return size_; }
  size_t memory() const { return capacity_ + segments_.capacity() * sizeof(segments_[0]); }

 private:
  static constexpr size_t kFirst = 64, kLargest = 512;
  static size_t segment_size(size_t i) { return i < 3 ? kFirst << i : kLargest; }
  size_t next_segment() const { return segment_size(segments_.size()); }

  std::vector<std::unique_ptr<uint8_t[]>> segments_;
  uint32_t size_ = 0, capacity_ = 0;
};

}  // namespace mps::store
