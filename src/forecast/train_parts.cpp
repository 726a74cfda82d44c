#include "forecast/train_parts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "forecast/hygiene.h"

namespace mps::forecast {
namespace {

constexpr Duration kHistoryMin = 3 * kDay;
constexpr Duration kHoldOutMax = 7 * kDay;

struct Extent {
  size_t first = 0, end = 0;  // cells from the first to behind the last known one
  size_t known = 0;
};

Extent extent_of(std::span<const double> values) {
  Extent e;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    if (e.known++ == 0) e.first = i;
    e.end = i + 1;
  }
  return e;
}

bool enough(const Extent& e) {
  const auto least = static_cast<size_t>(kHistoryMin / kFineStep);
  return e.end - e.first >= least && e.known >= least / 2;
}

}  // namespace

Result<void> check_history(const Frame& history) {
  if (history.grid.step != kFineStep || history.grid.start.time_since_epoch() % kFineStep != Duration::zero()) {
    return Error{ErrorCode::kInvalidArgument, "forecasting takes histories on a 5-minute grid aligned to 1970"};
  }
  for (const auto& c : history.columns) {
    if (c.values.size() != history.grid.size) {
      return Error{ErrorCode::kInvalidArgument, "column " + c.name + " has another number of cells than the grid"};
    }
  }
  return {};
}

Error too_little(const Frame& history) {
  Extent longest;
  for (const auto& c : history.columns) {
    if (const auto e = extent_of(c.values); e.known > longest.known) longest = e;
  }
  const auto hours = [](size_t cells) { return static_cast<double>(cells) / 12; };
  return {ErrorCode::kNotEnoughData,
          fmt::format("An LSTM needs 3 days of history with at least half of it known; there are {:.1f} hours, {:.1f} "
                      "of them known.",
                      hours(longest.end - longest.first), hours(longest.known))};
}

std::vector<TrainSeries> prepare(const Frame& history, const Layout& layout) {
  std::vector<TrainSeries> all;
  for (const auto& column : history.columns) {
    if (!enough(extent_of(column.values))) continue;
    auto cells = regrid(history.grid, without_frozen(column.values, kFineStep), layout.step);
    TrainSeries s{column.name, make_features(layout, cells.grid, std::move(cells.values), column.name), 0};
    const auto hold_out = std::min(s.features.cells() / 5, static_cast<size_t>(kHoldOutMax / layout.step));
    s.fit_end = s.features.cells() - hold_out;
    all.push_back(std::move(s));
  }
  return all;
}

std::vector<FitSeries> fit_series(const std::vector<TrainSeries>& series, bool all) {
  std::vector<FitSeries> out;
  for (const auto& s : series) {
    const size_t end = all ? s.features.cells() : s.fit_end;
    out.push_back({&s.features, end, typical_error(s.features, end)});
  }
  return out;
}

}  // namespace mps::forecast
