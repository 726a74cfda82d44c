#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mps {

// Fails with kNotFound or kIo; the message holds the path and the system's reason.
Result<std::string> read_file(const std::filesystem::path& path);

// All or nothing: writes beside `path`, syncs, and renames over it. Mode 0600, since what we write is the user's alone.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content);

// Holds an exclusive lock on a file for as long as it lives.
class FileLock {
 public:
  // Fails with kUnavailable when another process holds it. Creates the file where it is missing.
  static Result<FileLock> acquire(const std::filesystem::path& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace mps
