#pragma once

#include <array>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/time_zone.h"
#include "chart/scene.h"
#include "metric/resource.h"
#include "metric/units.h"

namespace mps::service {

// Every sentence of a report. Placeholders stand in braces, as fmt takes them. A language is one more table.
struct ReportWords {
  std::string_view language;  // "en"
  chart::Words chart;
  std::array<std::string_view, 12> months;   // as in "25 November"
  std::array<std::string_view, 7> weekdays;  // Sunday first

  std::string_view server_title, fleet_title, date, until, footer, subject;
  // Key figures
  std::string_view peak_at, alerts, none, longest, data, gaps, servers, silent, alerts_open, fullest;
  // Headings
  std::string_view watch, resources_heading, forecast_heading, alerts_heading, mounts_heading, data_heading,
      fleet_table, fleet_heat, fleet_full;
  // Heads of tables
  std::string_view resource, mean, peak, at, week_before, change, busiest, method, naive, in_band, began, what, lasted,
      acknowledged, mount, used, full, server, known;
  // Sentences
  std::string_view over, below, foreseen, unusual, silent_since, still_open, full_on, full_with_band, full_about,
      full_after, not_growing, is_full, may_pass, missing, open_at_end, more_than_week_before, less_than_week_before,
      nothing_stands_out, no_forecast_kept, no_alerts, no_data, no_gaps, gap, more_mounts, more_servers, fleet_summary,
      forecast_of_next_day, predictions, came_true, none_judged;
  // Units and titles, in pairs: as the catalogue has it, as it reads here
  std::array<std::pair<std::string_view, std::string_view>, 9> titles;
  std::string_view points;
  std::array<std::pair<std::string_view, std::string_view>, 4> durations;  // "d", "h", "m", "s"
  std::array<std::pair<std::string_view, std::string_view>, 9> methods;
  Units units = Units::kBytes;  // of what value() and size() write

  std::string title_of(const Resource& resource, std::string_view instance = "") const;
  std::string value(double value, Unit unit) const;       // "42 %"; "-" for NaN
  std::string size(double bytes) const;                   // "1.5 GB"
  std::string difference(double value, Unit unit) const;  // with its sign; "+2.5 points" of percents
  std::string points_of(double percent) const;            // "27 points"
  std::string duration(Duration duration) const;          // "1h 30m"
  std::string method_of(const std::string& method) const;
  std::string day_of(Timestamp time, const TimeZone& zone) const;       // "Thu 26 Nov"
  std::string long_day_of(Timestamp time, const TimeZone& zone) const;  // "Thursday, 26 November 2026"
  std::string moment(Timestamp time, const TimeZone& zone) const;       // "Thu 26 Nov 03:40"
};

// The named places of a sentence filled in: say("from {since}", fmt::arg("since", "14:03")).
template <class... Named>
std::string say(std::string_view sentence, Named&&... named) {
  return fmt::format(fmt::runtime(sentence), std::forward<Named>(named)...);
}

// "en", "ru". Fails with kInvalidArgument, naming the languages there are.
Result<const ReportWords*> report_words(std::string_view language);
// English where there is no such language.
const ReportWords& words_in(std::string_view language, Units units = Units::kBytes);

}  // namespace mps::service
