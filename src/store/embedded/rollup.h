#pragma once

#include <map>
#include <span>
#include <vector>

#include "metric/frame.h"
#include "metric/sample.h"
#include "store/embedded/aggregate.h"
#include "store/embedded/chunk.h"
#include "store/embedded/storage.h"

// Cells of five minutes and of one hour that outlive the raw samples. No I/O.
namespace mps::store {

// What is kept of the samples of one cell. `increase` over `seconds` is the rate of a counter, of steps whose later
// sample lies in the cell, by the rules of aggregate_samples for cells of this length; both are zero where the series
// is no counter.
struct RollupCell {
  int64_t start = 0;  // ns since 1970, a multiple of the cell's length
  uint64_t count = 0;
  double mean = 0;  // to 32 binary places of its own size: more would be noise on disk
  Value min, max, last;
  double increase = 0, seconds = 0;
};

Duration tier_cell(Tier tier);

// The cells of `range` that have samples. `samples` as for aggregate_samples.
std::vector<RollupCell> roll_up(std::span<const Sample> samples, TimeRange range, Duration cell);

// The cells of one group's series as rows of a chunk: column = series * kStats + stat.
class RollupTable {
 public:
  static constexpr uint32_t kStats = 8;
  enum Stat : uint32_t { kCount, kMean, kMin, kMax, kLast, kIncrease, kSeconds };

  // Cells of times that are there already replace them, unless `keep_old`, or they know fewer samples: what is missing
  // has expired.
  void add(uint32_t series, std::span<const RollupCell> cells, bool keep_old = false);
  bool empty() const { return rows_.empty(); }
  RowTable table() const;

 private:
  std::map<int64_t, std::map<uint32_t, RollupCell>> rows_;
};

// Which figures of cells are wanted: a bit for each RollupTable::Stat. A column that nobody wants is not decoded.
using StatSet = uint32_t;
inline constexpr StatSet kAllStats = (1u << (RollupTable::kSeconds + 1)) - 1;
// What an aggregate is made of.
StatSet stats_for(Aggregate how);

// The cells of one series in a chunk of rollups; of figures that are not in `wanted`, but for the count, nothing is
// said.
Result<std::vector<RollupCell>> read_cells(const ChunkView& chunk, uint32_t series, TimeRange range,
                                           StatSet wanted = kAllStats);

// The coarsest tier whose cells make up the cells of the grid: those that divide them, or are at most a twelfth of
// them.
Tier choose_tier(const Grid& grid);

CellStats stats_of(const RollupCell& cell);

}  // namespace mps::store
