#include "service/csv.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>

#include "base/gzip.h"
#include "base/text.h"

namespace mps::service {
namespace {

constexpr size_t kUnpackedMax = size_t{1} << 30;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Takes the next row from the front of `rest`. Quoted cells may hold separators, line breaks and doubled quotes.
std::vector<std::string> take_row(std::string_view& rest, char separator) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  size_t i = 0;
  for (; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
        cells.back() += rest[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == separator) {
      cells.emplace_back();
    } else if (c == '\n') {
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return cells;
}

size_t find_time_column(const std::vector<std::string>& header) {
  for (const char* name : {"timestamp", "time", "date"}) {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found != header.end()) return static_cast<size_t>(found - header.begin());
  }
  return header.size();
}

// Rows in order of time, the last one of each time.
void sort_rows(TimeTable& table) {
  if (std::is_sorted(table.times.begin(), table.times.end(), std::less_equal<>())) return;
  std::vector<size_t> order(table.times.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return table.times[a] < table.times[b]; });
  std::vector<size_t> kept;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i + 1 == order.size() || table.times[order[i]] != table.times[order[i + 1]]) kept.push_back(order[i]);
  }
  const auto pick = [&](auto& column) {
    auto sorted = column;
    sorted.clear();
    for (const size_t row : kept) sorted.push_back(column[row]);
    column = std::move(sorted);
  };
  pick(table.times);
  for (auto& column : table.values) pick(column);
}

void take_cells(const std::vector<std::string>& cells, size_t time_column, TimeTable& table) {
  const auto time = parse_time(cells[time_column]);
  if (!time) {
    ++table.rows_unreadable;
    return;
  }
  table.times.push_back(*time);
  size_t column = 0;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i == time_column) continue;
    const auto number = parse_number(cells[i]);
    if (!number && !cells[i].empty()) ++table.cells_unreadable;
    table.values[column++].push_back(number ? *number : kUnknown);
  }
}

}  // namespace

Result<TimeTable> read_csv(std::string_view bytes) {
  std::string unpacked;
  if (bytes.starts_with("\x1F\x8B")) {
    MPS_TRY(unpacked, gunzip(bytes, kUnpackedMax));
    bytes = unpacked;
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);  // a byte order mark
  const std::string_view first_line = bytes.substr(0, bytes.find('\n'));
  const char separator =
      first_line.find(',') == std::string_view::npos && first_line.find(';') != std::string_view::npos ? ';' : ',';
  std::string_view rest = bytes;
  const std::vector<std::string> header = take_row(rest, separator);
  const size_t time_column = find_time_column(header);
  if (time_column == header.size()) {
    return Error{ErrorCode::kInvalidArgument,
                 "the first line must be a header with a column named timestamp, time or date"};
  }
  TimeTable table;
  for (size_t i = 0; i < header.size(); ++i) {
    if (i != time_column) table.columns.push_back(header[i]);
  }
  table.values.resize(table.columns.size());
  while (!rest.empty()) {
    const auto cells = take_row(rest, separator);
    if (cells.size() == 1 && cells[0].empty()) continue;  // a blank line
    if (cells.size() == header.size()) {
      take_cells(cells, time_column, table);
    } else {
      ++table.rows_unreadable;
    }
  }
  if (table.times.empty())
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("no row has a time that can be read ({} rows were looked at)", table.rows_unreadable)};
  sort_rows(table);
  return table;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? "\"\"" : std::string(1, c);
  return cell + "\"";
}

}  // namespace mps::service
