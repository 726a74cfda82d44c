#pragma once

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <sqlite3.h>
#include <string>
#include <vector>

namespace mps::testing {

// An SQLite VFS over the default one whose disk can fail and lose power. Syncing costs nothing: what was written since
// the last sync of a file is only remembered, so that power_loss can take it back. Register one at a time; it must
// outlive every connection. Thread-safe. One made with kForAll is used by every connection that names no other.
class FaultyVfs {
 public:
  static constexpr const char* kName = "mps-faulty";

  enum Use { kByName, kForAll };

  explicit FaultyVfs(Use use = kByName) {
    below_ = sqlite3_vfs_find(nullptr);
    vfs_ = *below_;
    vfs_.zName = kName;
    vfs_.pAppData = this;
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + below_->szOsFile;
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    vfs_.xFullPathname = [](sqlite3_vfs* v, const char* name, int size, char* out) {
      return self(v).below_->xFullPathname(self(v).below_, name, size, out);
    };
    vfs_.xAccess = [](sqlite3_vfs* v, const char* name, int flags, int* out) {
      return self(v).below_->xAccess(self(v).below_, name, flags, out);
    };
    sqlite3_vfs_register(&vfs_, use == kForAll ? 1 : 0);
  }
  ~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  // The `count` writes, truncations and syncs from the nth on (from 1, counted from now) fail as a full disk does.
  void fail_from(long nth, long count) {
    const std::lock_guard lock(mutex_);
    done_ = 0;
    first_failing_ = nth;
    last_failing_ = count > 1'000'000'000 ? count : nth + count - 1;
  }
  void repair() { fail_from(0, 0); }
  long operations() const {
    const std::lock_guard lock(mutex_);
    return done_;
  }
  bool failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
  }

  // Takes back what was not synced; of it, each write stays with probability `kept`, as disks reorder. No connection
  // may be open.
  void power_loss(uint64_t seed, double kept) {
    std::mt19937_64 random(seed);
    std::map<std::string, std::vector<Write>> unsynced;
    {
      const std::lock_guard lock(mutex_);
      std::swap(unsynced, unsynced_);
    }
    for (auto& [path, writes] : unsynced) {
      std::string content = read(path);
      for (auto write = writes.rbegin(); write != writes.rend(); ++write)
        content = write->before_all(std::move(content));
      for (const Write& write : writes) {
        if (std::uniform_real_distribution<>()(random) < kept) content = write.after_all(std::move(content));
      }
      std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    }
  }

 private:
  struct File {
    sqlite3_file base;
    FaultyVfs* owner;
    const char* path;  // null for temporary files
    sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  struct Write {
    sqlite3_int64 offset, size_before;  // of the file
    std::string before, after;          // a truncation: what it cut off, and nothing
    bool truncation = false;
    std::string before_all(std::string content) const {
      if (truncation) {
        content.resize(static_cast<size_t>(offset));
        return content + before;
      }
      content.replace(std::min(static_cast<size_t>(offset), content.size()), before.size(), before);
      content.resize(static_cast<size_t>(size_before));
      return content;
    }
    std::string after_all(std::string content) const {
      if (truncation) {
        content.resize(std::min(content.size(), static_cast<size_t>(offset)));
        return content;
      }
      content.resize(std::max(content.size(), static_cast<size_t>(offset) + after.size()));
      return content.replace(static_cast<size_t>(offset), after.size(), after);
    }
  };

  static FaultyVfs& self(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }
  static File& file(sqlite3_file* f) { return *reinterpret_cast<File*>(f); }
  static sqlite3_file* below(sqlite3_file* f) { return file(f).below(); }

  static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  bool fails() {
    ++done_;
    const bool fails = first_failing_ > 0 && done_ >= first_failing_ && done_ <= last_failing_;
    failed_ = failed_ || fails;
    return fails;
  }

  static int open(sqlite3_vfs* v, const char* name, sqlite3_file* f, int flags, int* out_flags) {
    static const sqlite3_io_methods methods = make_methods();
    std::memset(f, 0, static_cast<size_t>(v->szOsFile));
    const int code = self(v).below_->xOpen(self(v).below_, name, below(f), flags, out_flags);
    if (code != SQLITE_OK) return code;
    file(f).owner = &self(v);
    file(f).path = name;
    f->pMethods = &methods;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* v, const char* name, int) {
    FaultyVfs& owner = self(v);
    {
      const std::lock_guard lock(owner.mutex_);
      if (owner.fails()) return SQLITE_IOERR_DELETE;
      owner.unsynced_.erase(name);
    }
    return owner.below_->xDelete(owner.below_, name, 0);
  }

  static int write(sqlite3_file* f, const void* data, int size, sqlite3_int64 offset) {
    FaultyVfs& owner = *file(f).owner;
    const std::lock_guard lock(owner.mutex_);
    if (owner.fails()) return SQLITE_FULL;
    Write done;
    done.offset = offset;
    below(f)->pMethods->xFileSize(below(f), &done.size_before);
    done.before.resize(static_cast<size_t>(std::clamp<sqlite3_int64>(done.size_before - offset, 0, size)));
    if (!done.before.empty())
      below(f)->pMethods->xRead(below(f), done.before.data(), static_cast<int>(done.before.size()), offset);
    done.after.assign(static_cast<const char*>(data), static_cast<size_t>(size));
    if (file(f).path != nullptr) owner.unsynced_[file(f).path].push_back(std::move(done));
    return below(f)->pMethods->xWrite(below(f), data, size, offset);
  }

  static int truncate(sqlite3_file* f, sqlite3_int64 size) {
    FaultyVfs& owner = *file(f).owner;
    const std::lock_guard lock(owner.mutex_);
    if (owner.fails()) return SQLITE_IOERR_TRUNCATE;
    Write done;
    done.offset = size;
    done.truncation = true;
    below(f)->pMethods->xFileSize(below(f), &done.size_before);
    if (done.size_before > size) {
      done.before.resize(static_cast<size_t>(done.size_before - size));
      below(f)->pMethods->xRead(below(f), done.before.data(), static_cast<int>(done.before.size()), size);
    }
    if (file(f).path != nullptr) owner.unsynced_[file(f).path].push_back(std::move(done));
    return below(f)->pMethods->xTruncate(below(f), size);
  }

  static int sync(sqlite3_file* f, int) {
    FaultyVfs& owner = *file(f).owner;
    const std::lock_guard lock(owner.mutex_);
    if (owner.fails()) return SQLITE_IOERR_FSYNC;
    if (file(f).path != nullptr) owner.unsynced_.erase(file(f).path);
    return SQLITE_OK;
  }

  static sqlite3_io_methods make_methods() {
    sqlite3_io_methods m{};
    m.iVersion = 2;
    m.xClose = [](sqlite3_file* f) { return below(f)->pMethods->xClose(below(f)); };
    m.xRead = [](sqlite3_file* f, void* out, int size, sqlite3_int64 at) {
      return below(f)->pMethods->xRead(below(f), out, size, at);
    };
    m.xWrite = write;
    m.xTruncate = truncate;
    m.xSync = sync;
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* out) { return below(f)->pMethods->xFileSize(below(f), out); };
    m.xLock = [](sqlite3_file* f, int level) { return below(f)->pMethods->xLock(below(f), level); };
    m.xUnlock = [](sqlite3_file* f, int level) { return below(f)->pMethods->xUnlock(below(f), level); };
    m.xCheckReservedLock = [](sqlite3_file* f, int* out) {
      return below(f)->pMethods->xCheckReservedLock(below(f), out);
    };
    m.xFileControl = [](sqlite3_file* f, int op, void* arg) {
      return below(f)->pMethods->xFileControl(below(f), op, arg);
    };
    m.xSectorSize = [](sqlite3_file* f) { return below(f)->pMethods->xSectorSize(below(f)); };
    m.xDeviceCharacteristics = [](sqlite3_file* f) { return below(f)->pMethods->xDeviceCharacteristics(below(f)); };
    m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
      return below(f)->pMethods->xShmMap(below(f), page, size, extend, out);
    };
    m.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
      return below(f)->pMethods->xShmLock(below(f), offset, n, flags);
    };
    m.xShmBarrier = [](sqlite3_file* f) { below(f)->pMethods->xShmBarrier(below(f)); };
    m.xShmUnmap = [](sqlite3_file* f, int remove_it) { return below(f)->pMethods->xShmUnmap(below(f), remove_it); };
    return m;
  }

  sqlite3_vfs* below_;
  sqlite3_vfs vfs_;
  mutable std::mutex mutex_;
  long done_ = 0, first_failing_ = 0, last_failing_ = 0;
  bool failed_ = false;
  std::map<std::string, std::vector<Write>> unsynced_;  // by file, in order
};

}  // namespace mps::testing
