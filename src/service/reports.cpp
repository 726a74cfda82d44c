#include "service/reports.h"

#include <algorithm>

#include "service/report_parts.h"

namespace mps::service {
namespace {

constexpr size_t kIncidentsRead = 20'000;

// What both reports need to know of the wish.
struct Wish {
  const ReportWords* words = nullptr;
  std::string date;
  TimeRange day;
  ReportLook look;
};

Result<Wish> wish_of(const ReportOptions& options, Timestamp now) {
  Wish wish;
  MPS_TRY_VOID(report_words(options.language));
  wish.words = &words_in(options.language, options.units);
  wish.date = options.date.empty() ? yesterday(options.zone, now) : options.date;
  MPS_TRY(wish.day, local_day(options.zone, wish.date));
  if (wish.day.from >= now)
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} has not begun yet in {}", wish.date, options.zone.name())};
  wish.day.to = std::min(wish.day.to, now);
  wish.look = {options.letter ? chart::Paper::kLetter : chart::Paper::kA4, options.link, now};
  return wish;
}

}  // namespace

Result<Reports::Report> Reports::of_server(const Server& server, const ReportOptions& options) const {
  MPS_TRY(const Wish wish, wish_of(options, clock_.now()));
  MPS_TRY(const auto incidents, incidents_.list_recent(kIncidentsRead));
  MPS_TRY(const ServerDay day, describe_day(server, wish.day, options.zone, {query_, forecasts_, incidents}));
  MPS_TRY(std::string pdf, chart::to_pdf(server_document(day, *wish.words, wish.look)));
  const auto risks = risks_of(day, *wish.words);
  return Report{std::move(pdf), wish.date,
                fmt::format("{}, {}\n{}", server.name, wish.words->long_day_of(wish.day.from, options.zone),
                            risks.empty() ? std::string(wish.words->nothing_stands_out) : risks.front())};
}

Result<Reports::Report> Reports::of_fleet(const ReportOptions& options) const {
  MPS_TRY(const Wish wish, wish_of(options, clock_.now()));
  MPS_TRY(const auto incidents, incidents_.list_recent(kIncidentsRead));
  std::vector<ServerDay> days;
  for (const Server& server : servers_.list()) {
    MPS_TRY(ServerDay day,
            describe_day(server, wish.day, options.zone, {query_, forecasts_, incidents}, DayDetail::kBrief));
    days.push_back(std::move(day));
  }
  if (days.empty()) return Error{ErrorCode::kNotFound, "there are no servers to report on yet"};
  const auto open = [](const ServerDay& day) {
    return std::ranges::count_if(day.incidents, [](const auto& incident) { return !incident.resolved_at; });
  };
  size_t alerts = 0, still_open = 0, silent = 0;
  for (const ServerDay& day : days) {
    alerts += day.incidents.size(), still_open += static_cast<size_t>(open(day));
    silent += day.resources.empty() ? 1 : 0;
  }
  const std::string summary = say(wish.words->fleet_summary, fmt::arg("servers", days.size()),
                                  fmt::arg("alerts", alerts), fmt::arg("open", still_open), fmt::arg("silent", silent));
  MPS_TRY(const auto predictions, predictions_.count(clock_.now() - catalog::kPredictionsScored));
  MPS_TRY(std::string pdf, chart::to_pdf(fleet_document(std::move(days), predictions, *wish.words, wish.look)));
  return Report{std::move(pdf), wish.date,
                fmt::format("{}\n{}", wish.words->long_day_of(wish.day.from, options.zone), summary)};
}

}  // namespace mps::service
