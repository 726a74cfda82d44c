#include "service/backup_format.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/text.h"

namespace mps::service {
namespace {

constexpr std::string_view kFirstLine = "mps backup 1\n";
constexpr size_t kSumSize = 64;

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 19 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string backup_header(Timestamp now) {
  return fmt::format("{}{}\n", kFirstLine, format_rfc3339(std::chrono::floor<std::chrono::seconds>(now)));
}

Result<void> check_backup_header(std::string_view text) {
  if (text.starts_with(kFirstLine)) return {};
  if (!text.starts_with("mps backup ")) return Error{ErrorCode::kCorrupt, "this archive is no backup of MPS"};
  return Error{ErrorCode::kCorrupt, "this backup was written by a newer version of MPS: restore it with that"};
}

std::string format_sums(const BackupSums& sums) {
  std::string text;
  for (const auto& [name, sum] : sums) text += fmt::format("{}  {}\n", sum, name);
  return text;
}

Result<BackupSums> parse_sums(std::string_view text) {
  BackupSums sums;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (end == std::string_view::npos || line.size() < kSumSize + 3 || line.substr(kSumSize, 2) != "  ")
      return Error{ErrorCode::kCorrupt, "the list of checksums makes no sense"};
    sums.emplace(line.substr(kSumSize + 2), line.substr(0, kSumSize));
    text.remove_prefix(end + 1);
  }
  return sums;
}

bool is_backup_member(std::string_view name) {
  constexpr std::string_view kNames[] = {"samples.db", "catalog.db", "models/fleet.safetensors",
                                         "models/fleet-finished.safetensors"};
  if (std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames)) return true;
  constexpr std::string_view kBefore = "models/server-", kAfter = ".safetensors";
  return name.size() > kBefore.size() + kAfter.size() && name.starts_with(kBefore) && name.ends_with(kAfter) &&
         is_digits(name.substr(kBefore.size(), name.size() - kBefore.size() - kAfter.size()));
}

}  // namespace mps::service
