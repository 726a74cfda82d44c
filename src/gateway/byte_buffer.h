#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace mps::gateway {

// Bytes that are read into at the end and taken from the front. Unlike std::string, growing does not clear what the
// network is about to fill.
class ByteBuffer {
 public:
  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  size_t size() const { return end_ - begin_; }
  size_t capacity() const { return capacity_; }

  // At least `bytes` writable bytes after the end; commit() says how many were written.
  char* prepare(size_t bytes) {
    if (capacity_ - end_ < bytes) make_room(bytes);
    return data_.get() + end_;
  }
  void commit(size_t bytes) { end_ += bytes; }

  void append(std::string_view bytes) {
    std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
    commit(bytes.size());
  }

  void consume(size_t bytes) {
    begin_ += bytes;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  void clear() { begin_ = end_ = 0; }

  // Gives memory back when the buffer is empty and has grown past `capacity_kept`.
  void shrink(size_t capacity_kept) {
    if (size() > 0 || capacity_ <= capacity_kept) return;
    data_.reset();
    capacity_ = 0;
    clear();
  }

 private:
  void make_room(size_t bytes) {
    const size_t used = size();
    if (capacity_ >= used + bytes) {
      std::memmove(data_.get(), data_.get() + begin_, used);
    } else {
      const size_t grown = std::max(used + bytes, capacity_ * 2);
      auto larger = std::make_unique_for_overwrite<char[]>(grown);
      if (used > 0) std::memcpy(larger.get(), data_.get() + begin_, used);
      data_ = std::move(larger);
      capacity_ = grown;
    }
    begin_ = 0;
    end_ = used;
  }

  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace mps::gateway
