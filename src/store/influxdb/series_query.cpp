#include "store/influxdb/series_query.h"

#include <fmt/format.h>

#include "store/influxdb/influx_names.h"

namespace mps::store {
namespace {

constexpr size_t kRowsPerPage = 50'000;

}  // namespace

SeriesPlace place_of(const std::string& server_tag, const SeriesKey& series) {
  SeriesPlace place{influx_name(series.measurement, NameKind::kMeasurement),
                    influx_name(series.field, NameKind::kFieldKey),
                    {{std::string(kServerTag), server_tag}}};
  for (const auto& [name, value] : series.tags)
    place.tags[influx_name(name, NameKind::kTagKey)] = influx_name(value, NameKind::kTagValue);
  return place;
}

bool same_tags(std::map<std::string, std::string> found, const std::map<std::string, std::string>& wanted) {
  std::erase_if(found, [](const auto& tag) { return tag.second.empty(); });
  return found == wanted;
}

std::string Source::field(const std::string& column) const {
  return influxql_name(column) + (place.tags.contains(column) ? "::field" : "");
}

std::string Source::clauses(int64_t from, int64_t to) const {
  std::string condition;
  for (const auto& [name, value] : place.tags) {
    condition += fmt::format("{}{} = {} AND ", influxql_name(name), types.has(place.measurement, name) ? "::tag" : "",
                             influxql_text(value));
  }
  const std::string from_policy = policy.empty() ? "" : influxql_name(policy) + ".";
  return fmt::format("FROM {}{} WHERE {}time >= {} AND time < {}", from_policy, influxql_name(place.measurement),
                     condition, from, to);
}

std::string select_of(const Source& source, const std::vector<FieldTypes::Column>& columns, int64_t from, int64_t to) {
  std::string names;
  for (const auto& column : columns) names += (names.empty() ? "" : ", ") + source.field(column.name);
  return fmt::format("SELECT {} {} GROUP BY * LIMIT {}", names, source.clauses(from, to), kRowsPerPage);
}

std::optional<int64_t> take_page(const InfluxSeries& series, const std::vector<FieldTypes::Column>& columns,
                                 std::vector<Sample>& samples) {
  std::optional<int64_t> last;
  for (size_t row = 0; row < series.rows(); ++row) {
    const auto time = series.cell(row, 0).integer();
    if (!time) continue;
    last = time;
    std::optional<Value> found;  // an ending was written after the plain name
    for (size_t i = 0; i < columns.size() && i + 1 < series.columns.size(); ++i) {
      if (const auto value = series.cell(row, i + 1).value(columns[i].type)) found = value;
    }
    if (found) samples.push_back({Timestamp(Duration(*time)), *found});
  }
  return series.rows() >= kRowsPerPage ? last : std::nullopt;
}

}  // namespace mps::store
