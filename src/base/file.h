#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace mps {

// Fails with kNotFound or kIo; the message holds the path and the system's reason.
Result<std::string> read_file(const std::filesystem::path& path);

// All or nothing: writes beside `path`, syncs, and renames over it. Mode 0600, since what we write is the user's alone.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content);

// The same for content that comes in pieces: it appears under its name on commit, whole and synced. Without commit
// nothing is left. Not thread-safe.
class FileWriter {
 public:
  static Result<FileWriter> create(const std::filesystem::path& path);
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&&) = delete;
  ~FileWriter();

  Result<void> write(std::string_view piece);
  Result<void> commit();

 private:
  FileWriter(std::filesystem::path path, std::filesystem::path temporary, int fd)
      : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}
  std::filesystem::path path_, temporary_;
  int fd_;  // -1: committed
};

// Reads a file from its beginning, piece by piece. Not thread-safe.
class FileReader {
 public:
  // Fails with kNotFound or kIo.
  static Result<FileReader> open(const std::filesystem::path& path);
  FileReader(FileReader&& other) noexcept;
  FileReader& operator=(FileReader&&) = delete;
  ~FileReader();

  uint64_t size() const { return size_; }  // when it was opened; 0 where it is no regular file
  // The next bytes: `bytes_max` of them, fewer at the end of the file alone. A view that lives until the next call.
  Result<std::string_view> read(size_t bytes_max);

 private:
  FileReader(std::filesystem::path path, int fd, uint64_t size) : path_(std::move(path)), fd_(fd), size_(size) {}
  std::filesystem::path path_;
  int fd_;
  uint64_t size_;
  std::string buffer_;
};

// Makes the content of a file last, or what was created, renamed and removed in a folder.
Result<void> sync_to_disk(const std::filesystem::path& path);

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
