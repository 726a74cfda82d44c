#include "store/embedded/range_coder.h"

namespace mps::store {

void RangeEncoder::finish() {
  // Of the numbers in [low, low + range) the one with the most zeros at its end.
  for (unsigned zeros = 32; zeros > 0; --zeros) {
    const uint64_t mask = (uint64_t{1} << zeros) - 1;
    const uint64_t rounded = (low_ + mask) & ~mask;
    if (rounded < low_ + range_) {
      low_ = rounded;
      break;
    }
  }
  for (int i = 0; i < 5; ++i) shift();
  while (out_.size() > start_ && out_.back() == 0) out_.pop_back();
}

}  // namespace mps::store
