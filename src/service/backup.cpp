#include "service/backup.h"

#include <algorithm>
#include <fmt/format.h>
#include <stdlib.h>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/file.h"
#include "base/tar.h"
#include "base/text.h"
#include "catalog/database.h"
#include "catalog/file_check.h"
#include "service/backup_format.h"
#include "store/embedded/embedded_store.h"

namespace mps::service {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPieceBytes = 1u << 20;
constexpr uint64_t kSpaceLeft = 64u << 20;  // that the backup leaves free

// A folder beside the backup for copies on their way into it; gone with the object.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make(const fs::path& beside) {
    std::string name = beside.string() + ".XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
      return Error{ErrorCode::kIo,
                   fmt::format("cannot write beside {}: is the folder there, and yours?", beside.string())};
    return ScratchFolder(name);
  }
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

class BackupWriter {
 public:
  BackupWriter(FileWriter& out, Timestamp now) : out_(out), now_(now) {}

  Result<void> add_text(const std::string& name, std::string_view text) {
    MPS_TRY_VOID(put(encode_tar_header({name, text.size()}, now_)));
    MPS_TRY_VOID(put(text));
    sums_[name] = sha256_hex(text);
    return put(std::string(tar_padding(text.size()), '\0'));
  }

  Result<void> add_file(const std::string& name, const fs::path& path) {
    MPS_TRY(FileReader in, FileReader::open(path));
    MPS_TRY_VOID(put(encode_tar_header({name, in.size()}, now_)));
    Sha256 digest;
    uint64_t copied = 0;
    for (;;) {
      MPS_TRY(const std::string_view piece, in.read(kPieceBytes));
      if (piece.empty()) break;
      digest.update(piece);
      copied += piece.size();
      MPS_TRY_VOID(put(piece));
    }
    if (copied != in.size()) return Error{ErrorCode::kIo, fmt::format("{} changed while it was read", path.string())};
    sums_[name] = digest.hex();
    return put(std::string(tar_padding(copied), '\0'));
  }

  Result<void> finish() {
    MPS_TRY_VOID(add_text(kBackupSums, format_sums(sums_)));
    return put(std::string(2 * kTarBlock, '\0'));
  }

  uint64_t bytes() const { return bytes_; }

 private:
  Result<void> put(std::string_view bytes) {
    bytes_ += bytes.size();
    return out_.write(bytes);
  }

  FileWriter& out_;
  Timestamp now_;
  BackupSums sums_;
  uint64_t bytes_ = 0;
};

std::vector<std::string> model_names(const DataFolder& data) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(data.models(), missing)) {
    const std::string name = "models/" + entry.path().filename().string();
    if (is_backup_member(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

uint64_t size_or_zero(const fs::path& path) {
  std::error_code missing;
  const auto size = fs::file_size(path, missing);
  return missing ? 0 : size;
}

Result<void> check_space(const DataFolder& data, const fs::path& file) {
  MPS_TRY(const std::string catalog, catalog::sqlite_path(data.catalog_url()));
  uint64_t databases = 0, models = 0;
  for (const std::string& path : {data.samples().string(), catalog})
    databases += size_or_zero(path) + size_or_zero(path + "-wal");
  for (const std::string& name : model_names(data)) models += size_or_zero(data.root / name);
  std::error_code unknown;
  const uint64_t needed = 2 * databases + models + kSpaceLeft;
  const auto space = fs::space(file.has_parent_path() ? file.parent_path() : fs::path("."), unknown);
  if (unknown || space.available >= needed) return {};
  return Error{
      ErrorCode::kLimitExceeded,
      fmt::format("a backup needs {} beside {} while it is made, and there are {}: name a file on another disk",
                  format_bytes(static_cast<double>(needed)), file.string(),
                  format_bytes(static_cast<double>(space.available)))};
}

// A database through a copy of it.
template <class Copy>
Result<void> add_database(BackupWriter& writer, const char* name, const ScratchFolder& scratch, Copy copy) {
  const fs::path path = scratch.path() / name;
  MPS_TRY_VOID(copy(path));
  MPS_TRY_VOID(writer.add_file(name, path));
  std::error_code ignored;  // it goes with its folder
  fs::remove(path, ignored);
  return {};
}

}  // namespace

Result<BackupReport> write_backup(const DataFolder& data, const fs::path& file, Timestamp now) {
  std::error_code failure;
  if (!fs::exists(data.samples(), failure)) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("{} has no samples.db: is it the data folder of a hub?", data.root.string())};
  }
  MPS_TRY_VOID(check_space(data, file));
  MPS_TRY(const ScratchFolder scratch, ScratchFolder::make(file));
  MPS_TRY(FileWriter out, FileWriter::create(file));
  BackupWriter writer(out, now);
  MPS_TRY_VOID(writer.add_text(kBackupHeader, backup_header(now)));
  // The samples first. A server that is added in between then has no samples yet; the other way round its samples would
  // be in the backup without it, and be taken for those of the next server of that number.
  MPS_TRY_VOID(add_database(writer, "samples.db", scratch,
                            [&](const fs::path& to) { return store::copy_sample_file(data.samples(), to); }));
  MPS_TRY_VOID(add_database(writer, "catalog.db", scratch,
                            [&](const fs::path& to) { return catalog::copy_catalog(data.catalog_url(), to); }));
  BackupReport report;
  for (const std::string& name : model_names(data)) {
    const auto added = writer.add_file(name, data.root / name);
    if (!added && added.error().code == ErrorCode::kNotFound) continue;  // its server was removed just now
    MPS_TRY_VOID(added);
    ++report.models;
  }
  MPS_TRY_VOID(writer.finish());
  MPS_TRY_VOID(out.commit());
  MPS_TRY_VOID(sync_to_disk(file.has_parent_path() ? file.parent_path() : fs::path(".")));
  report.bytes = writer.bytes();
  return report;
}

}  // namespace mps::service
