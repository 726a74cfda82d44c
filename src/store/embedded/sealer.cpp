#include "store/embedded/sealer.h"

#include <algorithm>
#include <map>

#include "store/embedded/chunk.h"

namespace mps::store {
namespace {

constexpr size_t kBlockBytes = 64 << 10;

// The end of the chunk that begins with row `begin`.
size_t chunk_end(const std::vector<int64_t>& times, size_t begin, size_t rows_max) {
  const int64_t span = block_span(times[begin]);
  const size_t limit = std::min(times.size(), begin + std::min(rows_max, kChunkRowsMax));
  size_t end = begin + 1;
  while (end < limit && block_span(times[end]) == span) ++end;
  return end;
}

}  // namespace

int64_t block_span(int64_t time_ns) {
  const int64_t rest = time_ns % kBlockSpanNs;
  return time_ns / kBlockSpanNs - (rest < 0 ? 1 : 0);
}

void BlockPacker::add(GroupId group, int64_t first_time, int64_t last_time, std::string chunk) {
  bytes_ += chunk.size();
  pieces_.push_back({group, first_time, last_time, std::move(chunk)});
  if (bytes_ >= kBlockBytes) flush();
}

void BlockPacker::flush() {
  if (pieces_.empty()) return;
  BlockRow block{tier_, pieces_[0].first_time, pieces_[0].last_time, pieces_.front().group, pieces_.back().group, {}};
  std::vector<GroupChunk> chunks;
  for (const Piece& piece : pieces_) {
    block.first_time = std::min(block.first_time, piece.first_time);
    block.last_time = std::max(block.last_time, piece.last_time);
    chunks.push_back({piece.group, piece.chunk});
  }
  block.data = encode_block(chunks);
  blocks_.push_back(std::move(block));
  pieces_.clear();
  bytes_ = 0;
}

std::vector<BlockRow> BlockPacker::finish() {
  flush();
  return std::move(blocks_);
}

std::vector<BlockRow> seal_server(const Server& server, size_t rows_max) {
  std::map<int64_t, BlockPacker> spans;
  for (const Group* group : server.groups) {
    if (group->head.rows() == 0) continue;
    const RowTable rows = sorted_rows(group->head);
    for (size_t begin = 0, end; begin < rows.times.size(); begin = end) {
      end = chunk_end(rows.times, begin, rows_max);
      auto& packer = spans.try_emplace(block_span(rows.times[begin]), Tier::kRaw).first->second;
      packer.add(group->id, rows.times[begin], rows.times[end - 1], encode_chunk(rows, begin, end));
    }
  }
  std::vector<BlockRow> blocks;
  for (auto& [span, packer] : spans) {
    auto packed = packer.finish();
    std::move(packed.begin(), packed.end(), std::back_inserter(blocks));
  }
  return blocks;
}

}  // namespace mps::store
