#include <algorithm>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/file.h"
#include "base/tar.h"
#include "base/text.h"
#include "service/backup.h"
#include "service/backup_format.h"

// The way back: see backup.h.
namespace mps::service {
namespace {

namespace fs = std::filesystem;

constexpr size_t kUnpackPieceBytes = 1u << 20;
constexpr const char* kStaging = "restore.tmp";

Result<void> make_private_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure) fs::permissions(folder, fs::perms::owner_all, failure);
  if (failure) return Error{ErrorCode::kIo, fmt::format("cannot make {}: {}", folder.string(), failure.message())};
  return {};
}

// A lock that nobody holds and what an interrupted restore left are no data.
Result<void> expect_empty(const DataFolder& data) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(data.root, failure)) {
    const fs::path name = entry.path().filename();
    if (name == data.lock().filename() || name == kStaging) continue;
    return Error{ErrorCode::kAlreadyExists,
                 fmt::format("{} is not empty: a backup is restored into an empty folder alone. Move what is there "
                             "away, or name another folder with --data",
                             data.root.string())};
  }
  if (failure) return Error{ErrorCode::kIo, fmt::format("cannot read {}: {}", data.root.string(), failure.message())};
  return {};
}

// Unpacks an archive into a folder, file by file.
class Unpacker {
 public:
  Unpacker(FileReader& in, fs::path folder) : in_(in), folder_(std::move(folder)) {}

  Result<BackupReport> run() {
    MPS_TRY(const TarEntry first, next_entry());
    if (first.name != kBackupHeader) return check_backup_header({}).error();
    MPS_TRY(const std::string header, take_text(first));
    MPS_TRY_VOID(check_backup_header(header));
    sums_[first.name] = sha256_hex(header);
    for (;;) {
      MPS_TRY(const TarEntry entry, next_entry());
      if (entry.name == kBackupSums) {
        MPS_TRY_VOID(compare_sums(entry));
        return report_;
      }
      MPS_TRY_VOID(unpack(entry));
    }
  }

 private:
  Result<std::string_view> take(size_t bytes) {
    MPS_TRY(const std::string_view piece, in_.read(bytes));
    report_.bytes += piece.size();
    if (piece.size() < bytes) return Error{ErrorCode::kCorrupt, "the backup is cut off"};
    return piece;
  }

  Result<TarEntry> next_entry() {
    MPS_TRY(const std::string_view block, take(kTarBlock));
    MPS_TRY(auto entry, decode_tar_header(block));
    if (!entry) return Error{ErrorCode::kCorrupt, "the backup ends before its list of checksums"};
    return std::move(*entry);
  }

  Result<std::string> take_text(const TarEntry& entry) {
    if (entry.size > kBackupTextMax) return Error{ErrorCode::kCorrupt, fmt::format("{} is too long", entry.name)};
    MPS_TRY(const std::string_view text, take(entry.size));
    std::string kept(text);
    MPS_TRY_VOID(take(tar_padding(entry.size)));
    return kept;
  }

  Result<void> unpack(const TarEntry& entry) {
    if (!is_backup_member(entry.name) || sums_.contains(entry.name)) {
      return Error{ErrorCode::kCorrupt,
                   fmt::format("the backup holds a file that does not belong there: {}", valid_utf8(entry.name))};
    }
    MPS_TRY(FileWriter out, FileWriter::create(folder_ / entry.name));
    Sha256 digest;
    for (uint64_t left = entry.size; left > 0;) {
      MPS_TRY(const std::string_view piece, take(std::min<uint64_t>(left, kUnpackPieceBytes)));
      digest.update(piece);
      MPS_TRY_VOID(out.write(piece));
      left -= piece.size();
    }
    MPS_TRY_VOID(take(tar_padding(entry.size)));
    sums_[entry.name] = digest.hex();
    report_.models += entry.name.starts_with("models/") ? 1 : 0;
    return out.commit();
  }

  Result<void> compare_sums(const TarEntry& entry) {
    MPS_TRY(const std::string text, take_text(entry));
    MPS_TRY(const BackupSums expected, parse_sums(text));
    for (const auto& [name, sum] : expected) {
      const auto found = sums_.find(name);
      if (found == sums_.end() || found->second != sum)
        return Error{ErrorCode::kCorrupt, fmt::format("{} is damaged or missing in the backup", valid_utf8(name))};
    }
    if (expected.size() == sums_.size() && sums_.contains("samples.db") && sums_.contains("catalog.db")) return {};
    return Error{ErrorCode::kCorrupt, "the backup is incomplete"};
  }

  FileReader& in_;
  fs::path folder_;
  BackupReport report_;
  BackupSums sums_;
};

// The samples last: without them a folder is no hub's.
Result<void> move_into_place(const fs::path& staging, const DataFolder& data) {
  for (const char* name : {"models", "catalog.db", "samples.db"}) {
    std::error_code failure;
    fs::rename(staging / name, data.root / name, failure);
    if (failure)
      return Error{ErrorCode::kIo,
                   fmt::format("cannot move {} to {}: {}", name, data.root.string(), failure.message())};
  }
  return sync_to_disk(data.root);
}

Result<BackupReport> restore_through(const fs::path& staging, FileReader& in, const DataFolder& data) {
  MPS_TRY_VOID(make_private_folder(staging / "models"));
  MPS_TRY(const BackupReport report, Unpacker(in, staging).run());
  MPS_TRY_VOID(sync_to_disk(staging / "models"));
  MPS_TRY_VOID(move_into_place(staging, data));
  return report;
}

}  // namespace

Result<BackupReport> restore_backup(const fs::path& file, const DataFolder& data) {
  MPS_TRY(FileReader in, FileReader::open(file));
  MPS_TRY_VOID(make_private_folder(data.root));
  MPS_TRY_VOID(expect_empty(data));
  const auto lock = FileLock::acquire(data.lock());
  if (!lock) return lock.error();
  const fs::path staging = data.root / kStaging;
  std::error_code ignored;
  fs::remove_all(staging, ignored);
  auto report = restore_through(staging, in, data);
  fs::remove_all(staging, ignored);
  if (!report) return Error{report.error().code, fmt::format("{}: {}", file.string(), report.error().message)};
  return report;
}

}  // namespace mps::service
