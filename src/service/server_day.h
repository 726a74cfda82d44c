#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.h"
#include "catalog/incidents.h"
#include "forecast/days_to_full.h"
#include "service/day_forecasts.h"
#include "service/query.h"

// A day of a server in figures: what a report is made of, in whatever language.
namespace mps::service {

// Midnight to midnight of the local date "2026-11-25", which has 23 to 25 hours. Fails with kInvalidArgument.
Result<TimeRange> local_day(const TimeZone& zone, std::string_view date);
// The local date that ended last.
std::string yesterday(const TimeZone& zone, Timestamp now);

struct ResourceDay {
  const Resource* resource = nullptr;
  std::string instance;  // of disk: the fullest mount point
  double mean = 0;       // of the known cells of 5 minutes
  double peak = 0;       // the largest mean over a minute
  Timestamp peak_at;
  double last = 0;
  double week_before = 0;                    // mean of the same hours seven days before; NaN: unknown
  Grid grid;                                 // 5 minutes
  std::vector<double> values;                // on it
  std::vector<double> hours;                 // means by the hour of the day's own clock; NaN: unknown
  std::optional<catalog::DayForecast> next;  // made at the day's end, of what follows
  std::optional<ForecastCheck> check;        // of the forecast made at the day's beginning
};

struct MountDay {
  std::string path;
  double used = 0;          // percent, at the end
  double before = 0;        // at the beginning; NaN: unknown
  forecast::Crossing full;  // 100 %, from the end of the day on
};

struct ServerDay {
  Server server;
  TimeRange day;  // up to now where it is not over
  TimeZone zone;
  double known = 0;                          // share of the cells of 5 minutes with anything in them, 0..1
  std::vector<TimeRange> gaps;               // 10 minutes and longer, oldest first
  std::vector<ResourceDay> resources;        // of those that sent anything, in the order of the catalogue
  std::vector<MountDay> mounts;              // fullest first
  std::vector<catalog::Incident> incidents;  // that lasted into the day or began in it, oldest first

  const ResourceDay* find(std::string_view resource) const;
};

struct DaySources {
  const Query& query;
  const DayForecasts& forecasts;
  const std::vector<catalog::Incident>& incidents;  // of any server
};

// kBrief: cpu, ram and disk alone, without forecasts and the week before.
enum class DayDetail { kAll, kBrief };

// Fails with kIo; a day without a single sample is no failure.
Result<ServerDay> describe_day(const Server& server, TimeRange day, const TimeZone& zone, const DaySources& sources,
                               DayDetail detail = DayDetail::kAll);

}  // namespace mps::service
