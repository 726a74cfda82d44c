#include <algorithm>
#include <cmath>
#include <limits>

#include "service/query.h"

namespace mps::service {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// The smaller of stored values is the larger in a unit that counts the other way: CPU is what is not idle.
Aggregate stored_aggregate(const Resource& resource, Aggregate how) {
  if (resource.scale >= 0 || how == Aggregate::kLast) return how;
  return how == Aggregate::kMin ? Aggregate::kMax : Aggregate::kMin;
}

// Of two values of one cell, the second being the newer.
double chosen(double a, double b, Aggregate how) {
  if (std::isnan(a) || how == Aggregate::kLast) return b;
  return how == Aggregate::kMin ? std::min(a, b) : std::max(a, b);
}

std::vector<double> on_cells(const std::vector<Reading>& readings, const Grid& grid, Aggregate how) {
  std::vector<double> values(grid.size, kUnknown);
  for (const Reading& reading : readings) {
    if (reading.time < grid.start || reading.time >= grid.end()) continue;
    double& cell = values[static_cast<size_t>((reading.time - grid.start) / grid.step)];
    cell = chosen(cell, reading.value, how);
  }
  return values;
}

}  // namespace

Result<Frame> Query::frame_of(ServerId server, const Resource& resource, TimeRange range, Duration step,
                              Aggregate how) const {
  if (how == Aggregate::kMean) return frame(server, resource, range, step);
  Frame frame{Grid::covering(range, step), {}};
  for (const Channel& channel : channels(server)) {
    if (channel.resource != &resource) continue;
    std::vector<double> values(frame.grid.size, kUnknown);
    if (resource.aggregate == Aggregate::kRate) {
      MPS_TRY(const auto read, readings(server, channel, frame.grid.range()));
      values = on_cells(read, frame.grid, how);
    } else if (!channel.keys.empty()) {
      MPS_TRY(values, store_.aggregate(server, channel.keys.front(), frame.grid, stored_aggregate(resource, how)));
      for (double& value : values) value = resource.offset + resource.scale * value;
    }
    if (channel.imported && resource.aggregate != Aggregate::kRate) {
      MPS_TRY(const auto imported, store_.aggregate(server, imported_series(resource), frame.grid, how));
      for (size_t i = 0; i < values.size(); ++i)
        if (std::isnan(values[i])) values[i] = imported[i];
    }
    frame.columns.push_back({channel.instance, std::move(values)});
  }
  return frame;
}

}  // namespace mps::service
