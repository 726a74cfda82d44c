#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

// Tar archives of plain files: the ustar format of POSIX.1-1988, sizes of 8 GiB and more in GNU's base-256. No I/O.
//
// archive := (header:512 bytes  content  zeros up to a multiple of 512)*  1024 zeros
namespace mps {

inline constexpr size_t kTarBlock = 512;

struct TarEntry {
  std::string name;  // at most 100 bytes
  uint64_t size = 0;
};

// The header of a plain file of mode 0600.
std::string encode_tar_header(const TarEntry& entry, Timestamp modified);

// Nothing for a block of zeros, with which an archive ends. Fails with kCorrupt where the checksum does not hold, or
// what follows is no plain file.
Result<std::optional<TarEntry>> decode_tar_header(std::string_view block);

// Zeros after so much content.
inline size_t tar_padding(uint64_t size) {
  return static_cast<size_t>((kTarBlock - size % kTarBlock) % kTarBlock);
}

}  // namespace mps
