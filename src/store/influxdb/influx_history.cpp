#include "store/influxdb/influx_history.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <set>

#include "store/influxdb/cells_there.h"
#include "store/influxdb/influx_names.h"
#include "store/influxdb/series_query.h"

namespace mps::store {
namespace {

constexpr std::string_view kLastOf = "last_";  // before the names of fields in the answer to last(*)
constexpr auto kTryAgain = std::chrono::seconds(30);
constexpr auto kLearnAgain = std::chrono::seconds(60);
constexpr int64_t kTimeMax = std::numeric_limits<int64_t>::max() - 1;  // of InfluxDB; its least is the negative of it
constexpr Duration kRunThere = std::chrono::hours(24 * 90);  // that InfluxDB reckons at once: well within the time-out

}  // namespace

Result<InfluxAnswer> InfluxHistory::ask(const std::string& influxql) const {
  std::unique_ptr<InfluxClient> client;
  {
    const std::lock_guard lock(mutex_);
    if (stop_) return Error{ErrorCode::kUnavailable, "the hub stops"};
    if (failed_at_ && steady_now() - *failed_at_ < kTryAgain) return Error{ErrorCode::kUnavailable, trouble_};
    if (!idle_.empty()) {
      client = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!client) client = std::make_unique<InfluxClient>(target_, &stop_);
  auto answer = client->query(influxql);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(client));
  const bool failed =
      !answer && answer.error().code != ErrorCode::kInvalidArgument && answer.error().code != ErrorCode::kNotFound;
  trouble_ = failed ? answer.error().message : "";
  failed_at_ = failed ? std::optional(steady_now()) : std::nullopt;
  return answer;
}

std::string InfluxHistory::trouble(std::chrono::steady_clock::time_point reached_at) const {
  const std::lock_guard lock(mutex_);
  return failed_at_ && *failed_at_ > reached_at ? trouble_ : "";
}

Result<void> InfluxHistory::learn_types() const {
  const auto keys = ask("SHOW FIELD KEYS");
  if (!keys && keys.error().code == ErrorCode::kNotFound) return {};  // no database yet: no samples
  if (!keys) return keys.error();
  types_.learn(*keys);
  const std::lock_guard lock(mutex_);
  learned_at_ = steady_now();
  return {};
}

// Where nothing is known of a field, somebody else may have written it meanwhile.
Result<std::vector<FieldTypes::Column>> InfluxHistory::columns_of(const std::string& measurement,
                                                                  const std::string& field) const {
  bool learn;
  auto columns = types_.columns_of(measurement, field);
  {
    const std::lock_guard lock(mutex_);
    learn = !learned_at_ || (columns.empty() && steady_now() - *learned_at_ >= kLearnAgain);
  }
  if (!learn) return columns;
  MPS_TRY_VOID(learn_types());
  return types_.columns_of(measurement, field);
}

Result<std::vector<Sample>> InfluxHistory::read(ServerId server, const SeriesKey& series, TimeRange range) const {
  std::vector<Sample> samples;
  if (range.empty()) return samples;
  const SeriesPlace place = place_of(target_.server_tag(server), series);
  MPS_TRY(const auto columns, columns_of(place.measurement, place.field));
  if (columns.empty()) return samples;
  std::optional<int64_t> from = std::max(range.from.time_since_epoch().count(), -kTimeMax);
  const int64_t to = std::min(range.to.time_since_epoch().count(), kTimeMax);
  while (from && *from < to) {
    const auto page = ask(select_of({place, types_, target_.retention_policy}, columns, *from, to));
    if (!page && page.error().code == ErrorCode::kNotFound) return samples;
    if (!page) return page.error();
    from.reset();
    for (const InfluxSeries& found : page->series) {
      if (!same_tags(found.tags, place.tags)) continue;
      if (const auto last = take_page(found, columns, samples)) from = *last + 1;
    }
  }
  return samples;
}

Result<CellsThere> InfluxHistory::aggregate(ServerId server, const SeriesKey& series, const Grid& grid,
                                            Aggregate how) const {
  CellsThere cells(grid.size);
  const SeriesPlace place = place_of(target_.server_tag(server), series);
  MPS_TRY(const auto columns, columns_of(place.measurement, place.field));
  const auto query = CellsQuery::make(columns, how);
  if (!query || grid.start < Timestamp() || grid.end() > Timestamp(Duration(kTimeMax))) {
    cells.leave_all();
    return cells;
  }
  const Source source{place, types_, target_.retention_policy};
  const auto cells_per_run = static_cast<size_t>(std::max<int64_t>(1, kRunThere / grid.step));
  for (size_t begin = 0; begin < grid.size; begin += cells_per_run) {
    const Grid run{grid.time_at(begin), grid.step, std::min(grid.size - begin, cells_per_run)};
    const auto answer = ask(query->statement(source, run));
    if (!answer && answer.error().code == ErrorCode::kNotFound) return cells;
    if (!answer) return answer.error();
    for (const InfluxSeries& found : answer->series) {
      if (same_tags(found.tags, place.tags)) query->take(found, run, begin, cells);
    }
  }
  return cells;
}

Result<std::vector<ServerId>> InfluxHistory::servers() const {
  std::vector<ServerId> servers;
  const auto values = ask(fmt::format("SHOW TAG VALUES WITH KEY = {}", influxql_name(kServerTag)));
  if (!values && values.error().code == ErrorCode::kNotFound) return servers;
  if (!values) return values.error();
  std::set<int64_t> ids;
  for (const InfluxSeries& series : values->series) {
    for (size_t row = 0; row < series.rows() && series.columns.size() >= 2; ++row) {
      std::string_view text = series.cell(row, 1).text;
      if (!target_.hub.empty()) {
        if (!text.starts_with(target_.hub + ".")) continue;  // another hub's
        text.remove_prefix(target_.hub.size() + 1);
      }
      int64_t id = 0;
      const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
      if (read.ec == std::errc() && read.ptr == text.data() + text.size()) ids.insert(id);
    }
  }
  for (const int64_t id : ids) servers.push_back(ServerId{id});
  return servers;
}

// The newest value of every field of the server's, series by series.
Result<InfluxAnswer> InfluxHistory::newest_fields(ServerId server) const {
  auto found = ask(fmt::format("SELECT last(*) FROM /.*/ WHERE {} = {} GROUP BY *", influxql_name(kServerTag),
                               influxql_text(target_.server_tag(server))));
  if (!found && found.error().code == ErrorCode::kNotFound) return InfluxAnswer();
  return found;
}

Result<std::vector<SeriesKey>> InfluxHistory::list_series(ServerId server) const {
  MPS_TRY_VOID(learn_types());
  MPS_TRY(const auto found, newest_fields(server));
  std::set<SeriesKey> keys;
  for (const InfluxSeries& series : found.series) {
    SeriesKey key{name_from_influx(series.name), {}, ""};
    for (const auto& [name, value] : series.tags) {
      if (name != kServerTag && !value.empty()) key.tags.emplace_back(name_from_influx(name), name_from_influx(value));
    }
    std::sort(key.tags.begin(), key.tags.end());
    for (size_t i = 1; i < series.columns.size() && series.rows() > 0; ++i) {
      const auto kind = series.cell(0, i).kind;
      if (kind != InfluxCell::Kind::kNumber && kind != InfluxCell::Kind::kBoolean) continue;
      if (!series.columns[i].starts_with(kLastOf)) continue;
      key.field = name_from_influx(split_type_suffix(series.columns[i].substr(kLastOf.size())).plain);
      keys.insert(key);
    }
  }
  return std::vector<SeriesKey>(keys.begin(), keys.end());
}

Result<Attributes> InfluxHistory::attributes(ServerId server) const {
  Attributes attributes;
  MPS_TRY(const auto found, newest_fields(server));
  for (const InfluxSeries& series : found.series) {
    const SeriesPlace place{series.name, "", {{std::string(kServerTag), target_.server_tag(server)}}};
    if (series.rows() == 0 || !same_tags(series.tags, place.tags)) continue;
    for (size_t i = 1; i < series.columns.size(); ++i) {
      std::string_view field = series.columns[i];
      if (!field.starts_with(kLastOf) || !field.ends_with(kTextSuffix)) continue;
      field.remove_prefix(kLastOf.size());
      MPS_TRY(const auto newest, newest_text(place, std::string(field)));
      if (!newest) continue;
      field.remove_suffix(kTextSuffix.size());
      attributes[name_from_influx(place.measurement) + " " + name_from_influx(field)] = *newest;
    }
  }
  return attributes;
}

// One by one: of several newest values at once InfluxDB does not tell the times.
Result<std::optional<Attribute>> InfluxHistory::newest_text(const SeriesPlace& place, const std::string& field) const {
  const Source source{place, types_, target_.retention_policy};
  MPS_TRY(const auto answer,
          ask(fmt::format("SELECT last({}) {} GROUP BY *", source.field(field), source.clauses(-kTimeMax, kTimeMax))));
  for (const InfluxSeries& series : answer.series) {
    if (!same_tags(series.tags, place.tags) || series.rows() == 0 || series.columns.size() != 2) continue;
    const auto time = series.cell(0, 0).integer();
    const InfluxCell& text = series.cell(0, 1);
    if (time && text.kind == InfluxCell::Kind::kText)
      return Attribute{Timestamp(Duration(*time)), name_from_influx(text.text)};
  }
  return std::nullopt;
}

}  // namespace mps::store
