#pragma once

#include <vector>

#include "store/embedded/group.h"
#include "store/embedded/storage.h"

namespace mps::store {

// The heads of all groups of a server as blocks: chunks of at most `rows_max` rows, none over a multiple of
// kBlockSpanNs, packed by span and group into blocks of some 64 KiB. Changes nothing.
std::vector<BlockRow> seal_server(const Server& server, size_t rows_max);

// Packs chunks into blocks, in order of group.
class BlockPacker {
 public:
  explicit BlockPacker(Tier tier) : tier_(tier) {}
  void add(GroupId group, int64_t first_time, int64_t last_time, std::string chunk);
  std::vector<BlockRow> finish();

 private:
  struct Piece {
    GroupId group;
    int64_t first_time, last_time;
    std::string chunk;
  };
  void flush();

  Tier tier_;
  std::vector<Piece> pieces_;
  size_t bytes_ = 0;
  std::vector<BlockRow> blocks_;
};

// The half-week that a time lies in.
int64_t block_span(int64_t time_ns);

}  // namespace mps::store
