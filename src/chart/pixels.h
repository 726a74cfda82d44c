#pragma once

#include <cstdint>
#include <cstdlib>
#include <new>
#include <sys/mman.h>
#include <vector>

namespace mps::chart {

// Memory for what a picture needs for some milliseconds: huge pages where the kernel has them, since a thousand page
// faults would be a fifth of the time of a picture, and not set to zero, since all of it is written anyway.
template <class T>
struct ScratchAllocator {
  using value_type = T;

  ScratchAllocator() = default;
  template <class U>
  ScratchAllocator(const ScratchAllocator<U>&) {}

  T* allocate(size_t count) {
    constexpr size_t kHugePage = size_t{2} << 20;
    size_t size = count * sizeof(T);
    const bool large = size >= kHugePage / 2;
    if (large) size = (size + kHugePage - 1) / kHugePage * kHugePage;
    void* const memory = large ? std::aligned_alloc(kHugePage, size) : std::malloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    if (large) ::madvise(memory, size, MADV_HUGEPAGE);  // advice: it may fail
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, size_t) { std::free(memory); }

  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Args>
  void construct(U* at, Args&&... args) {
    ::new (static_cast<void*>(at)) U(static_cast<Args&&>(args)...);
  }

  friend bool operator==(const ScratchAllocator&, const ScratchAllocator&) { return true; }
};

using Pixels = std::vector<uint32_t, ScratchAllocator<uint32_t>>;  // 0xXXRRGGBB
using ScratchBytes = std::vector<char, ScratchAllocator<char>>;

}  // namespace mps::chart
