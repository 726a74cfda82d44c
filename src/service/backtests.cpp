#include "service/backtests.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "service/csv.h"

namespace mps::service {
namespace {

bool is_label(std::string_view column) {
  return column.starts_with("anomaly") || column.ends_with("_label");
}

Column average_on(const Grid& grid, const TimeTable& table, size_t index) {
  std::vector<double> sum(grid.size, 0), count(grid.size, 0);
  for (size_t row = 0; row < table.times.size(); ++row) {
    const double value = table.values[index][row];
    if (!std::isfinite(value)) continue;
    const auto cell = static_cast<size_t>((table.times[row] - grid.start) / grid.step);
    sum[cell] += value;
    count[cell] += 1;
  }
  for (size_t i = 0; i < grid.size; ++i)
    sum[i] = count[i] > 0 ? sum[i] / count[i] : std::numeric_limits<double>::quiet_NaN();
  return {table.columns[index], std::move(sum)};
}

}  // namespace

std::pair<std::string, std::string> split_file_and_column(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || text.find('/', colon) != std::string::npos) return {text, ""};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

Result<void> add_series(std::vector<forecast::BacktestServer>& servers, const std::string& file,
                        const std::string& column, std::string_view bytes) {
  MPS_TRY(const TimeTable table, read_csv(bytes));
  const Grid grid = Grid::covering({table.times.front(), table.times.back() + Duration(1)}, forecast::kFineStep);
  constexpr size_t kCellsMax = 20'000'000;
  if (grid.size > kCellsMax)
    return Error{ErrorCode::kInvalidArgument,
                 "the times of this file span more than 190 years; check the timestamp column"};
  auto server = std::find_if(servers.begin(), servers.end(), [&](const auto& each) { return each.name == file; });
  if (server == servers.end()) server = servers.insert(servers.end(), {file, {grid, {}}});
  bool found = false;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (column.empty() ? is_label(table.columns[i]) : table.columns[i] != column) continue;
    server->history.columns.push_back(average_on(grid, table, i));
    found = true;
  }
  if (!found)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("there is no column '{}'; there are: {}", column, fmt::join(table.columns, ", "))};
  return {};
}

}  // namespace mps::service
