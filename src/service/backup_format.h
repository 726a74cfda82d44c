#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

// The texts and names in a backup: docs/format/backup.md. No I/O.
namespace mps::service {

inline constexpr const char* kBackupHeader = "MPS-BACKUP";  // the first file of the archive
inline constexpr const char* kBackupSums = "SHA256SUMS";    // the last one
inline constexpr size_t kBackupTextMax = 16u << 20;         // bytes of either

std::string backup_header(Timestamp now);
// Fails with kCorrupt for what is no header, or one of a version that this program does not know.
Result<void> check_backup_header(std::string_view text);

// SHA-256 in hex by file name, as sha256sum writes and checks them.
using BackupSums = std::map<std::string, std::string>;
std::string format_sums(const BackupSums& sums);
Result<BackupSums> parse_sums(std::string_view text);

// The two databases, and models/ of servers and of the fleet: nothing else is ever unpacked.
bool is_backup_member(std::string_view name);

}  // namespace mps::service
