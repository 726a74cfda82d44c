#include "base/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mps {
namespace {

Error io_error(std::string_view what, const std::filesystem::path& path, int reason) {
  const ErrorCode code = reason == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
  return Error{code, fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(reason))};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
  MPS_TRY(FileReader reader, FileReader::open(path));
  std::string content;
  for (;;) {
    MPS_TRY(const std::string_view piece, reader.read(65536));
    if (piece.empty()) return content;
    content += piece;
  }
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content) {
  MPS_TRY(FileWriter writer, FileWriter::create(path));
  MPS_TRY_VOID(writer.write(content));
  return writer.commit();
}

Result<FileWriter> FileWriter::create(const std::filesystem::path& path) {
  const std::filesystem::path temporary = path.string() + ".tmp" + std::to_string(::getpid());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return io_error("create", temporary, errno);
  return FileWriter(path, temporary, fd);
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::move(other.temporary_)), fd_(std::exchange(other.fd_, -1)) {}

FileWriter::~FileWriter() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

Result<void> FileWriter::write(std::string_view piece) {
  if (!write_all(fd_, piece)) return io_error("write", path_, errno);
  return {};
}

Result<void> FileWriter::commit() {
  if (::fsync(fd_) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) return io_error("write", path_, errno);
  ::close(std::exchange(fd_, -1));
  return {};
}

Result<FileReader> FileReader::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return io_error("open", path, errno);
  struct stat status {};
  const bool regular = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
  return FileReader(path, fd, regular ? static_cast<uint64_t>(status.st_size) : 0);
}

FileReader::FileReader(FileReader&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      size_(other.size_),
      buffer_(std::move(other.buffer_)) {}

FileReader::~FileReader() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::string_view> FileReader::read(size_t bytes_max) {
  if (buffer_.size() < bytes_max) buffer_.resize(bytes_max);
  size_t got = 0;
  while (got < bytes_max) {
    const ssize_t count = ::read(fd_, buffer_.data() + got, bytes_max - got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error("read", path_, errno);
    if (count == 0) break;
    got += static_cast<size_t>(count);
  }
  return std::string_view(buffer_).substr(0, got);
}

Result<void> sync_to_disk(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int reason = errno;
  if (fd >= 0) ::close(fd);
  if (!synced) return io_error("sync", path, reason);
  return {};
}

Result<FileLock> FileLock::acquire(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return io_error("open", path, errno);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return Error{ErrorCode::kUnavailable, fmt::format("{} is locked by another process", path.string())};
  }
  return FileLock(fd);
}

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace mps
