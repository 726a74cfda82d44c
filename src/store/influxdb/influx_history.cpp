#include "store/influxdb/influx_history.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <set>

#include "store/influxdb/influx_names.h"

namespace mps::store {
namespace {

constexpr size_t kRowsPerPage = 50'000;
constexpr auto kTryAgain = std::chrono::seconds(30);
constexpr auto kLearnAgain = std::chrono::seconds(60);
constexpr int64_t kTimeMax = std::numeric_limits<int64_t>::max() - 1;  // of InfluxDB; its least is the negative of it

struct SeriesPlace {
  std::string measurement, field;
  std::map<std::string, std::string> tags;  // with the server's
};

SeriesPlace place_of(const std::string& server_tag, const SeriesKey& series) {
  SeriesPlace place{influx_name(series.measurement, NameKind::kMeasurement),
                    influx_name(series.field, NameKind::kFieldKey),
                    {{std::string(kServerTag), server_tag}}};
  for (const auto& [name, value] : series.tags)
    place.tags[influx_name(name, NameKind::kTagKey)] = influx_name(value, NameKind::kTagValue);
  return place;
}

// Tags that a series lacks come as empty ones, where another series of the measurement has them.
bool same_tags(std::map<std::string, std::string> found, const std::map<std::string, std::string>& wanted) {
  std::erase_if(found, [](const auto& tag) { return tag.second.empty(); });
  return found == wanted;
}

std::string select_of(const SeriesPlace& place, const std::vector<FieldTypes::Column>& columns, int64_t from,
                      int64_t to, const FieldTypes& types, const std::string& policy) {
  std::string names, condition;
  for (const auto& column : columns) {
    // Where a tag has the same name, InfluxDB is told that the field is meant.
    names +=
        (names.empty() ? "" : ", ") + influxql_name(column.name) + (place.tags.contains(column.name) ? "::field" : "");
  }
  for (const auto& [name, value] : place.tags) {
    condition += fmt::format("{}{} = {} AND ", influxql_name(name), types.has(place.measurement, name) ? "::tag" : "",
                             influxql_text(value));
  }
  const std::string source = policy.empty() ? influxql_name(place.measurement)
                                            : influxql_name(policy) + "." + influxql_name(place.measurement);
  return fmt::format("SELECT {} FROM {} WHERE {}time >= {} AND time < {} GROUP BY * LIMIT {}", names, source, condition,
                     from, to, kRowsPerPage);
}

// The samples of one page's series; the time of its last row, where the page is full.
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
    const auto page = ask(select_of(place, columns, *from, to, types_, target_.retention_policy));
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

Result<std::vector<SeriesKey>> InfluxHistory::list_series(ServerId server) const {
  MPS_TRY_VOID(learn_types());
  const auto found = ask(fmt::format("SELECT last(*) FROM /.*/ WHERE {} = {} GROUP BY *", influxql_name(kServerTag),
                                     influxql_text(target_.server_tag(server))));
  std::set<SeriesKey> keys;
  if (!found && found.error().code != ErrorCode::kNotFound) return found.error();
  if (found) {
    for (const InfluxSeries& series : found->series) {
      SeriesKey key{name_from_influx(series.name), {}, ""};
      for (const auto& [name, value] : series.tags) {
        if (name != kServerTag && !value.empty())
          key.tags.emplace_back(name_from_influx(name), name_from_influx(value));
      }
      std::sort(key.tags.begin(), key.tags.end());
      for (size_t i = 1; i < series.columns.size() && series.rows() > 0; ++i) {
        const auto kind = series.cell(0, i).kind;
        if (kind != InfluxCell::Kind::kNumber && kind != InfluxCell::Kind::kBoolean) continue;
        if (!series.columns[i].starts_with("last_")) continue;
        key.field = name_from_influx(split_type_suffix(series.columns[i].substr(5)).plain);
        keys.insert(key);
      }
    }
  }
  return std::vector<SeriesKey>(keys.begin(), keys.end());
}

}  // namespace mps::store
