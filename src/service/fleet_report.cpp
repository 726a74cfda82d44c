#include <algorithm>
#include <cmath>
#include <limits>

#include "service/report_parts.h"

namespace mps::service {
namespace {

using chart::Cell, chart::Tone;

constexpr size_t kHeatRowsMax = 40, kFullMax = 30;

size_t open_count(const ServerDay& day) {
  return static_cast<size_t>(
      std::ranges::count_if(day.incidents, [](const catalog::Incident& incident) { return !incident.resolved_at; }));
}

double peak_of(const ServerDay& day, std::string_view resource) {
  const ResourceDay* one = day.find(resource);
  return one == nullptr ? std::numeric_limits<double>::quiet_NaN() : one->peak;
}

// Days until the first mount point is full; infinite where none fills up.
double days_left(const ServerDay& day) {
  double least = std::numeric_limits<double>::infinity();
  for (const MountDay& mount : day.mounts) {
    if (mount.full.expected)
      least = std::min(least, std::chrono::duration<double>(*mount.full.expected).count() / 86400);
  }
  return least;
}

// What is on fire, then what will be, then what is busy.
double badness(const ServerDay& day) {
  double bad = 1000 * static_cast<double>(open_count(day)) + 100 * static_cast<double>(day.incidents.size());
  if (day.resources.empty()) bad += 500;
  if (const double left = days_left(day); left < 30) bad += 300 / (1 + left);
  double busiest = 0;
  for (const char* name : {"cpu", "ram", "disk"}) {
    if (const double peak = peak_of(day, name); std::isfinite(peak)) busiest = std::max(busiest, peak);
  }
  return bad + busiest;
}

chart::Table table_of(const std::vector<ServerDay>& days, const ReportWords& words) {
  const auto pair = [&](std::string_view resource) {
    return fmt::format("{}, {}", words.title_of(*find_resource(resource)), words.mean);
  };
  chart::Table table{{{std::string(words.server)},
                      {pair("cpu"), true},
                      {std::string(words.peak), true},
                      {pair("ram"), true},
                      {std::string(words.peak), true},
                      {std::string(words.fullest), true},
                      {std::string(words.alerts), true},
                      {std::string(words.known), true}},
                     {}};
  for (const ServerDay& day : days) {
    std::vector<Cell> row = {day.server.name};
    for (const char* name : {"cpu", "ram"}) {
      const ResourceDay* one = day.find(name);
      row.emplace_back(one == nullptr ? "-" : words.value(one->mean, Unit::kPercent));
      row.emplace_back(one == nullptr ? "-" : words.value(one->peak, Unit::kPercent),
                       one == nullptr ? Tone::kMuted : tone_of_percent(one->peak));
    }
    const MountDay* disk = day.mounts.empty() ? nullptr : &day.mounts.front();
    row.emplace_back(disk == nullptr ? "-" : fmt::format("{} {}", disk->path, words.value(disk->used, Unit::kPercent)),
                     disk == nullptr ? Tone::kMuted : tone_of_percent(disk->used));
    row.emplace_back(fmt::format("{}", day.incidents.size()), day.incidents.empty() ? Tone::kPlain : Tone::kWarning);
    row.emplace_back(share_text(day.known), day.known > 0.95 ? Tone::kPlain : Tone::kBad);
    table.rows.push_back(std::move(row));
  }
  return table;
}

void add_heat_map(const std::vector<ServerDay>& days, const ReportWords& words, chart::ReportDocument& document) {
  chart::HeatmapScene heat;
  heat.zone = days.front().zone;
  heat.words = words.chart;
  for (const ServerDay& day : days) {
    const ResourceDay* cpu = day.find("cpu");
    if (cpu == nullptr || heat.rows.size() == kHeatRowsMax) continue;
    if (heat.rows.empty()) heat.grid = {cpu->grid.start, std::chrono::hours(1), cpu->hours.size()};
    heat.rows.push_back({day.server.name, cpu->hours});
  }
  if (heat.rows.empty()) return;
  document.sections.emplace_back(chart::Heading{std::string(words.fleet_heat)});
  const double height = 60 + 11.0 * static_cast<double>(heat.rows.size());
  const size_t left_out = days.size() - heat.rows.size();
  document.sections.emplace_back(chart::ChartRow{{std::move(heat)}, height});
  if (left_out > 0)
    document.sections.emplace_back(
        chart::Paragraph{say(words.more_servers, fmt::arg("count", left_out)), Tone::kMuted});
}

void add_full_disks(const std::vector<ServerDay>& days, const ReportWords& words, chart::ReportDocument& document) {
  struct Full {
    const ServerDay* day;
    const MountDay* mount;
  };
  std::vector<Full> all;
  for (const ServerDay& day : days) {
    for (const MountDay& mount : day.mounts) {
      if (mount.full.expected) all.push_back({&day, &mount});
    }
  }
  if (all.empty()) return;
  std::ranges::stable_sort(all, {}, [](const Full& full) { return *full.mount->full.expected; });
  document.sections.emplace_back(chart::Heading{std::string(words.fleet_full)});
  chart::Table table{{{std::string(words.server)},
                      {std::string(words.mount)},
                      {std::string(words.used), true},
                      {std::string(words.full)}},
                     {}};
  for (const Full& full : all) {
    if (table.rows.size() == kFullMax) break;
    table.rows.push_back({full.day->server.name, full.mount->path,
                          Cell(words.value(full.mount->used, Unit::kPercent), tone_of_percent(full.mount->used)),
                          full_text(*full.mount, full.day->day.to, full.day->zone, words)});
  }
  document.sections.emplace_back(std::move(table));
}

// "10 of 12", where there were any.
void add_predictions(const catalog::Predictions::Count& predictions, const ReportWords& words,
                     chart::KeyFigures& figures) {
  if (predictions.judged() + predictions.open == 0) return;
  const auto open = fmt::arg("open", predictions.open);
  if (predictions.judged() == 0) {
    figures.figures.push_back({std::string(words.predictions), "-", say(words.none_judged, open), Tone::kMuted});
    return;
  }
  figures.figures.push_back({std::string(words.predictions),
                             fmt::format("{}/{}", predictions.came_true, predictions.judged()),
                             say(words.came_true, open), *predictions.share() >= 0.5 ? Tone::kGood : Tone::kWarning});
}

}  // namespace

chart::ReportDocument fleet_document(std::vector<ServerDay> days, const catalog::Predictions::Count& predictions,
                                     const ReportWords& words, const ReportLook& look) {
  std::ranges::stable_sort(days, std::greater<>(), badness);
  chart::ReportDocument document =
      empty_document(std::string(words.fleet_title), days.front().day, days.front().zone, words, look);
  size_t alerts = 0, open = 0, silent = 0;
  double known = 0;
  const MountDay* fullest = nullptr;
  std::string fullest_server;
  for (const ServerDay& day : days) {
    alerts += day.incidents.size(), open += open_count(day), silent += day.resources.empty() ? 1 : 0;
    known += day.known / static_cast<double>(days.size());
    if (day.mounts.empty() || (fullest != nullptr && day.mounts.front().used <= fullest->used)) continue;
    fullest = &day.mounts.front(), fullest_server = day.server.name;
  }
  chart::KeyFigures figures{
      {{std::string(words.servers), fmt::format("{}", days.size()), say(words.silent, fmt::arg("count", silent)),
        silent == 0 ? Tone::kGood : Tone::kBad},
       {std::string(words.alerts), fmt::format("{}", alerts), say(words.alerts_open, fmt::arg("count", open)),
        open > 0     ? Tone::kBad
        : alerts > 0 ? Tone::kWarning
                     : Tone::kGood}}};
  if (fullest != nullptr) {
    figures.figures.push_back({std::string(words.fullest), words.value(fullest->used, Unit::kPercent),
                               fmt::format("{} {}", fullest_server, fullest->path), tone_of_percent(fullest->used)});
  }
  figures.figures.push_back(
      {std::string(words.data), share_text(known), "", known > 0.99 ? Tone::kGood : Tone::kWarning});
  add_predictions(predictions, words, figures);
  document.sections.emplace_back(std::move(figures));
  add_heat_map(days, words, document);
  add_full_disks(days, words, document);
  document.sections.emplace_back(chart::Heading{std::string(words.fleet_table)});
  document.sections.emplace_back(table_of(days, words));
  return document;
}

}  // namespace mps::service
