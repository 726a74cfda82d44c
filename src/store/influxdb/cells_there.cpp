#include "store/influxdb/cells_there.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace mps::store {
namespace {

constexpr double kSumMax = 4.6e18;  // 2^62: beyond it sums of integers may wrap

std::string_view function_of(Aggregate how) {
  switch (how) {
    case Aggregate::kMean:
      return "mean";
    case Aggregate::kMin:
      return "min";
    case Aggregate::kMax:
      return "max";
    case Aggregate::kLast:
      return "last";
    case Aggregate::kSum:
      return "sum";
    case Aggregate::kCount:
    case Aggregate::kRate:
      break;
  }
  return "";
}

// Those of one field whose values decide a cell; "count" is last.
std::vector<std::string> functions_for(ValueType type, Aggregate how) {
  const bool number = type == ValueType::kFloat || type == ValueType::kInteger;
  std::vector<std::string> functions;
  if (number && how != Aggregate::kCount) functions.emplace_back(function_of(how));
  if (type == ValueType::kInteger && (how == Aggregate::kMean || how == Aggregate::kSum)) {
    functions.emplace_back("min");
    functions.emplace_back("max");
  }
  functions.emplace_back("count");
  return functions;
}

std::optional<double> number_in(const InfluxSeries& series, size_t row, size_t column) {
  if (column >= series.columns.size()) return std::nullopt;
  const auto value = series.cell(row, column).value(ValueType::kFloat);
  return value ? std::optional(value->as_double()) : std::nullopt;
}

std::string grouping(const Grid& grid) {
  const int64_t step = grid.step.count();
  return fmt::format("GROUP BY time({}ns, {}ns), * fill(none)", step, grid.start.time_since_epoch().count() % step);
}

}  // namespace

std::optional<CellsQuery> CellsQuery::make(const std::vector<FieldTypes::Column>& columns, Aggregate how) {
  if (columns.empty() || how == Aggregate::kRate) return std::nullopt;
  std::vector<Field> fields;
  size_t first = 1;  // after the time
  for (const auto& column : columns) {
    const auto& field = fields.emplace_back(Field{column.name, column.type, functions_for(column.type, how), first});
    first += field.functions.size();
  }
  return CellsQuery(how, std::move(fields));
}

std::string CellsQuery::statement(const Source& source, const Grid& grid) const {
  std::string names;
  for (const Field& field : fields_) {
    for (const std::string& function : field.functions)
      names += fmt::format("{}{}({})", names.empty() ? "" : ", ", function, source.field(field.name));
  }
  return fmt::format("SELECT {} {} {}", names,
                     source.clauses(grid.start.time_since_epoch().count(), grid.end().time_since_epoch().count()),
                     grouping(grid));
}

void CellsQuery::take(const InfluxSeries& series, const Grid& grid, size_t first, CellsThere& cells) const {
  for (size_t row = 0; row < series.rows(); ++row) {
    const auto time = series.cell(row, 0).integer();
    if (!time || !grid.range().contains(Timestamp(Duration(*time)))) continue;
    const size_t cell = first + static_cast<size_t>((Timestamp(Duration(*time)) - grid.start) / grid.step);
    const auto value = value_in(series, row);
    cells.left[cell] = !value;
    if (value) cells.values[cell] = *value;
  }
}

// NaN where there are no values; nothing where they are to be read.
std::optional<double> CellsQuery::value_in(const InfluxSeries& series, size_t row) const {
  double value = std::numeric_limits<double>::quiet_NaN();
  bool known = false;
  for (const Field& field : fields_) {
    const double count = number_in(series, row, field.first + field.functions.size() - 1).value_or(0);
    if (count == 0) continue;
    if (known) return std::nullopt;  // of two fields the later one counts, time by time
    known = true;
    if (how_ == Aggregate::kCount) {
      value = count;
      continue;
    }
    const auto found = number_in(series, row, field.first);
    if (field.functions.size() == 1 || !found) return std::nullopt;
    if (field.functions.size() == 4) {
      const auto least = number_in(series, row, field.first + 1), most = number_in(series, row, field.first + 2);
      if (!least || !most || std::max(std::abs(*least), std::abs(*most)) * count > kSumMax) return std::nullopt;
    }
    value = *found;
  }
  return value;
}

}  // namespace mps::store
