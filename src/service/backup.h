#pragma once

#include <cstdint>
#include <filesystem>

#include "base/clock.h"
#include "base/error.h"
#include "service/data_folder.h"

// A whole data folder as one tar file: docs/format/backup.md.
namespace mps::service {

struct BackupReport {
  uint64_t bytes = 0;  // of the file
  size_t models = 0;
};

// Writes `file`, which appears under its name when it is whole and synced; an older one of that name is replaced. A hub
// may be running on the folder, in this process or in another: each database is taken as it stood at one moment, the
// samples before the catalog, so that the catalog knows every server that has samples. While it works it needs twice
// the size of the databases beside `file`. Fails with kNotFound (no data there), kLimitExceeded (too little space),
// kIo.
Result<BackupReport> write_backup(const DataFolder& data, const std::filesystem::path& file, Timestamp now);

// Unpacks `file` into a folder that holds no data; made where it is missing. Nothing is put in its place before every
// checksum held. Fails with kAlreadyExists where the folder is not empty, kCorrupt where the file is damaged or no
// backup, kNotFound, kUnavailable (another process works on the folder), kIo.
Result<BackupReport> restore_backup(const std::filesystem::path& file, const DataFolder& data);

}  // namespace mps::service
