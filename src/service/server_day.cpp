#include "service/server_day.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "base/text.h"

namespace mps::service {
namespace {

constexpr Duration kFive = std::chrono::minutes(5);
constexpr Duration kMinute = std::chrono::minutes(1);
constexpr Duration kDayLength = std::chrono::hours(24);
constexpr Duration kGrowthLooksBack = std::chrono::days(28);
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kGapCells = 2;

double mean_of(std::span<const double> values) {
  double sum = 0, count = 0;
  for (const double v : values) {
    if (std::isfinite(v)) sum += v, ++count;
  }
  return count > 0 ? sum / count : kNothing;
}

double last_of(std::span<const double> values) {
  const auto found = std::find_if(values.rbegin(), values.rend(), [](double v) { return std::isfinite(v); });
  return found == values.rend() ? kNothing : *found;
}

double first_of(std::span<const double> values) {
  const auto found = std::ranges::find_if(values, [](double v) { return std::isfinite(v); });
  return found == values.end() ? kNothing : *found;
}

// The fullest of several mount points, judged by the last figure.
const Column* chosen_column(const Frame& frame) {
  const auto found = std::ranges::max_element(frame.columns, {}, [](const Column& column) {
    const double last = last_of(column.values);
    return std::isfinite(last) ? last : -1.0;
  });
  return found == frame.columns.end() || !std::isfinite(mean_of(found->values)) ? nullptr : &*found;
}

const Column* column_named(const Frame& frame, const std::string& name) {
  const auto found = std::ranges::find(frame.columns, name, &Column::name);
  return found == frame.columns.end() ? nullptr : &*found;
}

void add_peak(const Frame& minutes, ResourceDay& day) {
  day.peak = -std::numeric_limits<double>::infinity();
  const Column* column = column_named(minutes, day.instance);
  for (size_t i = 0; column != nullptr && i < column->values.size(); ++i) {
    if (column->values[i] > day.peak) day.peak = column->values[i], day.peak_at = minutes.grid.time_at(i);
  }
}

void add_hours(ResourceDay& day) {
  constexpr size_t kCells = 12;
  for (size_t i = 0; i < day.values.size(); i += kCells) {
    day.hours.push_back(mean_of(std::span(day.values).subspan(i, std::min(kCells, day.values.size() - i))));
  }
}

class DayReader {
 public:
  DayReader(const Server& server, TimeRange day, const DaySources& sources)
      : server_(server), day_(day), sources_(sources) {}

  Result<std::optional<ResourceDay>> read(const Resource& resource, bool week_before) const {
    MPS_TRY(const Frame five, frame(resource, day_, kFive));
    const Column* column = chosen_column(five);
    if (column == nullptr) return std::optional<ResourceDay>();
    ResourceDay day;
    day.resource = &resource, day.instance = column->name;
    day.grid = five.grid, day.values = column->values;
    day.mean = mean_of(day.values), day.last = last_of(day.values);
    MPS_TRY(const Frame minutes, frame(resource, day_, kMinute));
    add_peak(minutes, day);
    add_hours(day);
    day.week_before = kNothing;
    if (!week_before) return std::optional(std::move(day));
    MPS_TRY(const Frame earlier, frame(resource, {day_.from - 7 * kDayLength, day_.to - 7 * kDayLength}, kFive));
    const Column* same = column_named(earlier, day.instance);
    day.week_before = same == nullptr ? kNothing : mean_of(same->values);
    return std::optional(std::move(day));
  }

  Result<std::vector<MountDay>> mounts() const {
    const Resource& disk = *find_resource("disk");
    // One read for the day and for the growth: 28 days of hours.
    MPS_TRY(const Frame hours, frame(disk, {day_.to - kGrowthLooksBack, day_.to}, std::chrono::hours(1)));
    MPS_TRY(const Frame five, frame(disk, day_, kFive));
    std::vector<MountDay> mounts;
    for (const Column& column : five.columns) {
      MountDay mount{column.name, last_of(column.values), first_of(column.values), {}};
      if (!std::isfinite(mount.used)) continue;
      if (const Column* long_ago = column_named(hours, column.name)) {
        const double full = 100;
        mount.full = forecast::days_to_full(hours.grid, long_ago->values, std::span(&full, 1)).front();
      }
      mounts.push_back(std::move(mount));
    }
    std::ranges::stable_sort(mounts, std::greater<>(), &MountDay::used);
    return mounts;
  }

  Result<ForecastCheck> check(const catalog::DayForecast& forecast, const Resource& resource) const {
    const TimeRange range{forecast.origin,
                          forecast.origin + forecast.step * static_cast<int64_t>(forecast.steps.size())};
    MPS_TRY(const Frame outcome, frame(resource, range, forecast.step));
    MPS_TRY(const Frame before, frame(resource, {range.from - kDayLength, range.to - kDayLength}, forecast.step));
    std::vector<double> values = first_column(outcome);
    // What has not come yet is not known, even where a cell has begun.
    for (size_t i = 0; i < values.size(); ++i) {
      if (outcome.grid.time_at(i + 1) > day_.to) values[i] = kNothing;
    }
    return check_forecast(forecast, values, first_column(before));
  }

 private:
  Result<Frame> frame(const Resource& resource, TimeRange range, Duration step) const {
    return sources_.query.frame(server_.id, resource, range, step);
  }
  static std::vector<double> first_column(const Frame& frame) {
    return frame.columns.empty() ? std::vector<double>() : frame.columns.front().values;
  }

  const Server& server_;
  TimeRange day_;
  const DaySources& sources_;
};

// Share of the cells with anything in them, and where there is nothing for long.
void add_gaps(ServerDay& day) {
  if (day.resources.empty()) {
    day.gaps = {day.day};
    return;
  }
  const Grid& grid = day.resources.front().grid;
  std::vector<bool> known(grid.size);
  for (const ResourceDay& resource : day.resources) {
    for (size_t i = 0; i < std::min(grid.size, resource.values.size()); ++i) {
      if (std::isfinite(resource.values[i])) known[i] = true;
    }
  }
  size_t run = 0;
  for (size_t i = 0; i <= known.size(); ++i) {
    if (i < known.size() && !known[i]) {
      ++run;
      continue;
    }
    if (run >= kGapCells) {
      day.gaps.push_back({std::max(grid.time_at(i - run), day.day.from), std::min(grid.time_at(i), day.day.to)});
    }
    run = 0;
  }
  day.known =
      static_cast<double>(std::ranges::count(known, true)) / static_cast<double>(std::max<size_t>(1, grid.size));
}

Result<void> add_forecasts(const DayReader& reader, const DaySources& sources, ServerDay& day) {
  constexpr Duration kReach = std::chrono::hours(12);  // zones differ: the hub's midnight is not everybody's
  MPS_TRY(const auto before, sources.forecasts.made_near(day.server.id, day.day.from, kReach));
  MPS_TRY(const auto after, sources.forecasts.made_near(day.server.id, day.day.to, std::chrono::hours(1)));
  for (ResourceDay& resource : day.resources) {
    const auto of_resource = [&](const catalog::DayForecast& f) { return f.resource == resource.resource->name; };
    if (const auto found = std::ranges::find_if(before, of_resource); found != before.end()) {
      MPS_TRY(const ForecastCheck check, reader.check(*found, *resource.resource));
      if (check.steps > 0) resource.check = check;
    }
    const bool is_first = resource.instance.empty() || resource.instance == "/";  // the one that is forecast
    if (const auto found = std::ranges::find_if(after, of_resource); is_first && found != after.end())
      resource.next = *found;
  }
  return {};
}

}  // namespace

Result<TimeRange> local_day(const TimeZone& zone, std::string_view date) {
  const auto wrong = [&] {
    return Error{ErrorCode::kInvalidArgument, fmt::format("'{}' is not a date; write it as 2026-11-25", date)};
  };
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return wrong();
  const auto utc = parse_time(date);
  if (!utc) return wrong();
  const auto midnight_after = [&](Timestamp time) { return zone.next_time_of_day(time, std::chrono::minutes(0)); };
  // No zone is further than 14 hours from UTC.
  for (Timestamp from = midnight_after(*utc - std::chrono::hours(15)); from < *utc + std::chrono::hours(39);
       from = midnight_after(from + std::chrono::seconds(1))) {
    if (zone.format(from, "%Y-%m-%d") == date) return TimeRange{from, midnight_after(from + std::chrono::seconds(1))};
  }
  return Error{ErrorCode::kInvalidArgument, fmt::format("there was no {} in {}", date, zone.name())};
}

std::string yesterday(const TimeZone& zone, Timestamp now) {
  const std::string today = zone.format(now, "%Y-%m-%d");
  Timestamp earlier = now - std::chrono::hours(1);
  while (zone.format(earlier, "%Y-%m-%d") == today) earlier -= std::chrono::hours(1);
  return zone.format(earlier, "%Y-%m-%d");
}

const ResourceDay* ServerDay::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(resources, [&](const ResourceDay& one) { return one.resource->name == name; });
  return found == resources.end() ? nullptr : &*found;
}

Result<ServerDay> describe_day(const Server& server, TimeRange day, const TimeZone& zone, const DaySources& sources,
                               DayDetail detail) {
  ServerDay described{server, day, zone, 0, {}, {}, {}, {}};
  const DayReader reader(server, day, sources);
  const bool all = detail == DayDetail::kAll;
  for (const Resource& resource : resources()) {
    if (!all && resource.name != "cpu" && resource.name != "ram" && resource.name != "disk") continue;
    MPS_TRY(auto one, reader.read(resource, all));
    if (one) described.resources.push_back(std::move(*one));
  }
  MPS_TRY(described.mounts, reader.mounts());
  add_gaps(described);
  if (all) MPS_TRY_VOID(add_forecasts(reader, sources, described));
  for (const catalog::Incident& incident : sources.incidents) {
    const bool ended_before = incident.resolved_at && *incident.resolved_at < day.from;
    if (incident.server == server.id && incident.fired_at < day.to && !ended_before)
      described.incidents.push_back(incident);
  }
  std::ranges::sort(described.incidents, {}, &catalog::Incident::fired_at);
  return described;
}

}  // namespace mps::service
