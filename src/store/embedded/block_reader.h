#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "store/embedded/chunk.h"
#include "store/embedded/storage.h"

namespace mps::store {

// Reads sealed blocks over connections of its own, beside the one that writes. Thread-safe.
class BlockReader {
 public:
  explicit BlockReader(EmbeddedOptions options) : options_(std::move(options)) {}

  // Every chunk of the group whose block touches the range, in the order in which they were written. A damaged block or
  // chunk is logged by name and left out. Fails with kIo.
  using VisitChunk = std::function<Result<void>(const ChunkView& chunk)>;
  Result<void> read(ServerId server, Tier tier, GroupId group, TimeRange range, const VisitChunk& visit) const;

 private:
  struct Connection {
    Database database;
    Statement select;
  };
  Result<std::unique_ptr<Connection>> take() const;
  void give_back(std::unique_ptr<Connection> connection) const;

  EmbeddedOptions options_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace mps::store
