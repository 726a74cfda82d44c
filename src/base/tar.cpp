#include "base/tar.h"

#include <cassert>
#include <fmt/format.h>

namespace mps {
namespace {

struct TarField {
  size_t at, size;
};
constexpr TarField kName{0, 100}, kMode{100, 8}, kOwner{108, 8}, kGroup{116, 8}, kSize{124, 12}, kModified{136, 12},
    kChecksum{148, 8}, kType{156, 1}, kMagic{257, 8}, kPrefix{345, 155};
constexpr std::string_view kUstar("ustar\00000", 8);
constexpr uint64_t kOctalSizeMax = 077777777777;

void put_text(std::string& block, TarField field, std::string_view text) {
  block.replace(field.at, text.size(), text);
}

void put_octal(std::string& block, TarField field, uint64_t number) {
  put_text(block, field, fmt::format("{:0{}o}", number, field.size - 1));
}

void put_size(std::string& block, uint64_t size) {
  if (size <= kOctalSizeMax) return put_octal(block, kSize, size);
  block[kSize.at] = static_cast<char>(0x80);
  for (size_t i = kSize.at + kSize.size - 1; i > kSize.at; --i, size >>= 8) block[i] = static_cast<char>(size & 0xFF);
}

std::string_view get_text(std::string_view block, TarField field) {
  const std::string_view text = block.substr(field.at, field.size);
  return text.substr(0, text.find('\0'));
}

std::optional<uint64_t> get_octal(std::string_view block, TarField field) {
  std::string_view text = get_text(block, field);
  while (text.ends_with(' ')) text.remove_suffix(1);
  while (text.starts_with(' ')) text.remove_prefix(1);
  uint64_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '7') return std::nullopt;
    number = number * 8 + static_cast<uint64_t>(digit - '0');
  }
  return text.empty() ? std::nullopt : std::optional(number);
}

std::optional<uint64_t> get_size(std::string_view block) {
  if (static_cast<uint8_t>(block[kSize.at]) != 0x80) return get_octal(block, kSize);
  uint64_t size = 0;
  for (size_t i = kSize.at + 1; i < kSize.at + kSize.size; ++i) {
    if (size >> 56 != 0) return std::nullopt;
    size = size << 8 | static_cast<uint8_t>(block[i]);
  }
  return size;
}

// The sum of all bytes, those of the checksum itself taken as spaces.
uint64_t checksum_of(std::string_view block) {
  uint64_t sum = 0;
  for (size_t i = 0; i < block.size(); ++i) {
    const bool own = i >= kChecksum.at && i < kChecksum.at + kChecksum.size;
    sum += own ? uint64_t{' '} : uint64_t{static_cast<uint8_t>(block[i])};
  }
  return sum;
}

}  // namespace

std::string encode_tar_header(const TarEntry& entry, Timestamp modified) {
  assert(entry.name.size() <= kName.size);
  std::string block(kTarBlock, '\0');
  put_text(block, kName, entry.name);
  put_octal(block, kMode, 0600);
  put_octal(block, kOwner, 0);
  put_octal(block, kGroup, 0);
  put_size(block, entry.size);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(modified).time_since_epoch().count();
  put_octal(block, kModified, static_cast<uint64_t>(std::max<int64_t>(seconds, 0)));
  block[kType.at] = '0';
  put_text(block, kMagic, kUstar);
  put_text(block, kChecksum, fmt::format("{:06o}", checksum_of(block)));
  block[kChecksum.at + 7] = ' ';
  return block;
}

Result<std::optional<TarEntry>> decode_tar_header(std::string_view block) {
  if (block.size() != kTarBlock) return Error{ErrorCode::kCorrupt, "the archive is cut off"};
  if (block.find_first_not_of('\0') == std::string_view::npos) return std::optional<TarEntry>();
  if (get_octal(block, kChecksum) != checksum_of(block))
    return Error{ErrorCode::kCorrupt, "this is no tar archive, or it is damaged: a header fails its checksum"};
  const auto size = get_size(block);
  const char type = block[kType.at];
  if (!size || (type != '0' && type != '\0') || block[kPrefix.at] != '\0') {
    return Error{ErrorCode::kCorrupt,
                 fmt::format("the archive holds something that is no plain file: {}", get_text(block, kName))};
  }
  return std::optional(TarEntry{std::string(get_text(block, kName)), *size});
}

}  // namespace mps
