#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/sample_store.h"

namespace mps::store {

struct EmbeddedOptions {
  std::filesystem::path path;  // the file, such as DATA/samples.db; made where it is missing
  size_t series_per_server_max = 10'000;
  size_t queue_bytes_max = 64u << 20;  // encoded samples waiting for their commit; more gets kUnavailable
  size_t head_bytes_max = 128u << 20;  // compressed samples in memory; above it the oldest are sealed early
  size_t rows_per_chunk_max = 1024;    // a series that has so many samples in memory is sealed
  Duration seal_after = std::chrono::hours(2);
  Retention retention = {};
  Duration maintenance_interval = std::chrono::seconds(10);
  std::string vfs = {};  // the name of a registered SQLite VFS; empty: SQLite's own
  // Where set: journal rows after this one are kept, for somebody who reads them beside the store (store/influxdb).
  // Called by the committer.
  std::function<int64_t()> journal_kept_after = {};
};

// The store inside one SQLite file (WAL, synchronous=FULL): journal, head, sealed chunks. docs/format/ describes its
// bytes.
//
// Many appends share one commit; a lone one does not wait for others (company.h says when many do). A disk that is full
// or failing makes the store read-only (stats().trouble says why); it tries again every maintenance_interval. Only one
// process may have the file open for writing: the data folder's lock sees to that.
//
// aggregate() reads rollups of an hour or five minutes where the grid's step is a multiple of that (and aligned to it),
// or at least twelve times as long: then a cell of the rollup counts whole, at its start. Finer grids read the raw
// samples. Rates follow the gap rule of the cells that are read.
//
// `done` of append runs on the thread that commits: it must neither take long nor wait for the store (append_and_wait,
// remove_server, maintain, seal_all).
class EmbeddedStore : public SampleStore {
 public:
  // Seals, expires and frees what is due, now, as the background thread would. Fails as a commit does.
  virtual Result<void> maintain() = 0;

  // Moves everything from the journal into sealed chunks, however young.
  virtual Result<void> seal_all() = 0;

  // copy_sample_file of this store's file.
  virtual Result<void> backup(const std::filesystem::path& to) const = 0;

  // check_sample_file of this store's file.
  virtual std::vector<std::string> check() const = 0;
};

// Opens or makes the file. The journal is replayed in the background: appends queue and queries wait until then
// (stats().ready). Fails with kIo, or kCorrupt when the file is no sample store or of a newer version. `clock` must
// outlive the store.
Result<std::unique_ptr<EmbeddedStore>> open_embedded_store(const EmbeddedOptions& options, Clock& clock);

// The two below work on the file beside whoever has it open, in this process or in another, and see it as it stood at
// one moment. They write nothing to it.

// A consistent copy into a new file, synced. Fails with kAlreadyExists, kIo, kCorrupt.
Result<void> copy_sample_file(const std::filesystem::path& from, const std::filesystem::path& to,
                              const std::string& vfs = {});

// Checks every page, every journal record and every chunk: its checksum, and that all of it can be decoded. What is
// broken, one sentence each; empty where all is well.
std::vector<std::string> check_sample_file(const std::filesystem::path& path, const std::string& vfs = {});

}  // namespace mps::store
