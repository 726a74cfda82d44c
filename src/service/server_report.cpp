#include <algorithm>
#include <cmath>

#include "service/report_parts.h"
#include "service/scene_units.h"

namespace mps::service {
namespace {

using chart::Cell, chart::Tone;

constexpr size_t kBusyHours = 3, kGapsMax = 4, kRisksMax = 6;
// Alerts and mount points share what the second page has left: two pages are what people read.
struct PageRows {
  size_t incidents = 4, with_mounts = 7;  // at most, in the tables of the second page
};
constexpr PageRows kLetterRows{2, 4};
constexpr Duration kWeek = std::chrono::days(7);

Duration lasted(const catalog::Incident& incident, Timestamp until) {
  return incident.resolved_at.value_or(until) - incident.breached_at;
}

chart::KeyFigure figure_of(const ResourceDay& day, const ServerDay& server, const ReportWords& words) {
  const Unit unit = day.resource->unit;
  return {words.title_of(*day.resource, day.instance), words.value(day.mean, unit),
          say(words.peak_at, fmt::arg("peak", words.value(day.peak, unit)),
              fmt::arg("time", server.zone.format(day.peak_at, "%H:%M"))),
          unit == Unit::kPercent ? tone_of_percent(day.mean) : Tone::kPlain};
}

chart::KeyFigure figure_of(const MountDay& mount, const ServerDay& server, const ReportWords& words) {
  const bool fills = mount.full.expected && *mount.full.expected > Duration::zero();
  return {words.title_of(*find_resource("disk"), mount.path), words.value(mount.used, Unit::kPercent),
          fills
              ? say(words.full_about, fmt::arg("day", words.day_of(server.day.to + *mount.full.expected, server.zone)))
              : std::string(words.not_growing),
          tone_of_percent(mount.used)};
}

chart::KeyFigures key_figures(const ServerDay& day, const ReportWords& words) {
  chart::KeyFigures all;
  for (const char* name : {"cpu", "ram"}) {
    if (const ResourceDay* one = day.find(name)) all.figures.push_back(figure_of(*one, day, words));
  }
  if (!day.mounts.empty()) all.figures.push_back(figure_of(day.mounts.front(), day, words));
  if (const ResourceDay* network = day.find("net_rx")) all.figures.push_back(figure_of(*network, day, words));
  const auto longest = std::ranges::max_element(
      day.incidents, {}, [&](const catalog::Incident& incident) { return lasted(incident, day.day.to); });
  all.figures.push_back({std::string(words.alerts), fmt::format("{}", day.incidents.size()),
                         longest == day.incidents.end()
                             ? std::string(words.none)
                             : say(words.longest, fmt::arg("duration", words.duration(lasted(*longest, day.day.to)))),
                         day.incidents.empty() ? Tone::kGood : Tone::kWarning});
  all.figures.push_back({std::string(words.data), share_text(day.known),
                         say(words.gaps, fmt::arg("count", day.gaps.size())),
                         day.known > 0.99  ? Tone::kGood
                         : day.known > 0.9 ? Tone::kWarning
                                           : Tone::kBad});
  return all;
}

chart::TimeSeriesScene scene_of(const ResourceDay& day, const ServerDay& server, const ReportWords& words) {
  chart::TimeSeriesScene scene;
  scene.title = words.title_of(*day.resource, day.instance);
  scene.grid = day.grid;
  scene.lines.push_back({"", day.values});
  scene.unit = day.resource->unit;
  scene.threshold = day.resource->alert_above;
  scene.zone = server.zone;
  scene.words = words.chart;
  for (const catalog::Incident& incident : server.incidents) {
    if (incident.resource != day.resource->name) continue;
    scene.shaded.push_back({std::max(incident.breached_at, server.day.from),
                            std::min(incident.resolved_at.value_or(server.day.to), server.day.to)});
  }
  if (day.next) {
    chart::ForecastOverlay overlay;
    overlay.grid = {day.next->origin, day.next->step, day.next->steps.size()};
    for (const auto& step : day.next->steps) {
      overlay.median.push_back(step.p50);
      overlay.band80.low.push_back(step.p10), overlay.band80.high.push_back(step.p90);
    }
    scene.forecast = std::move(overlay);
    scene.subtitle = words.forecast_of_next_day;
  }
  show_in(scene, words.units);
  return scene;
}

// Three rows of charts fill what the risks leave of the first page.
void add_charts(const ServerDay& day, const ReportWords& words, size_t risks, chart::Paper paper,
                std::vector<chart::Section>& sections) {
  const double height = (paper == chart::Paper::kA4 ? 182 : 165) - 6 * static_cast<double>(risks);
  chart::ChartRow row{{}, height};
  for (const char* name : {"cpu", "ram", "disk", "load", "net_rx", "net_tx"}) {
    const ResourceDay* one = day.find(name);
    if (one == nullptr) continue;
    row.charts.emplace_back(scene_of(*one, day, words));
    if (row.charts.size() < 2) continue;
    sections.emplace_back(std::move(row));
    row = {{}, height};
  }
  if (!row.charts.empty()) sections.emplace_back(std::move(row));
}

// "14:00, 15:00, 10:00": those with the highest means, the highest first.
std::string busiest_hours(const ResourceDay& day, const TimeZone& zone) {
  std::vector<size_t> order;
  for (size_t i = 0; i < day.hours.size(); ++i) {
    if (std::isfinite(day.hours[i])) order.push_back(i);
  }
  std::ranges::stable_sort(order, std::greater<>(), [&](size_t i) { return day.hours[i]; });
  order.resize(std::min(order.size(), kBusyHours));
  std::string text;
  for (const size_t i : order) {
    const Timestamp hour = day.grid.start + std::chrono::hours(static_cast<int64_t>(i));
    text += fmt::format("{}{}", text.empty() ? "" : ", ", zone.format(hour, "%H:%M"));
  }
  return text;
}

chart::Table resources_table(const ServerDay& day, const ReportWords& words) {
  chart::Table table{{{std::string(words.resource)},
                      {std::string(words.mean), true},
                      {std::string(words.peak), true},
                      {std::string(words.at), true},
                      {std::string(words.busiest), true},
                      {std::string(words.week_before), true},
                      {std::string(words.change), true}},
                     {}};
  for (const ResourceDay& one : day.resources) {
    const Unit unit = one.resource->unit;
    table.rows.push_back({words.title_of(*one.resource, one.instance), words.value(one.mean, unit),
                          words.value(one.peak, unit), day.zone.format(one.peak_at, "%H:%M"),
                          busiest_hours(one, day.zone), words.value(one.week_before, unit),
                          words.difference(one.mean - one.week_before, unit)});
  }
  return table;
}

void add_forecast_check(const ServerDay& day, const ReportWords& words, std::vector<chart::Section>& sections) {
  sections.emplace_back(chart::Heading{std::string(words.forecast_heading)});
  chart::Table table{{{std::string(words.resource)},
                      {std::string(words.method)},
                      {"MAE", true},
                      {"RMSE", true},
                      {fmt::format("{} MAE", words.naive), true},
                      {"RMSE", true},
                      {std::string(words.in_band), true}},
                     {}};
  for (const ResourceDay& one : day.resources) {
    if (!one.check) continue;
    const ForecastCheck& check = *one.check;
    const Unit unit = one.resource->unit;
    const bool better = check.mae <= check.naive_mae;
    table.rows.push_back({words.title_of(*one.resource), words.method_of(check.method),
                          Cell(words.value(check.mae, unit), better ? Tone::kGood : Tone::kPlain),
                          words.value(check.rmse, unit), words.value(check.naive_mae, unit),
                          words.value(check.naive_rmse, unit), share_text(check.inside)});
  }
  if (table.rows.empty()) {
    sections.emplace_back(chart::Paragraph{std::string(words.no_forecast_kept), Tone::kMuted});
  } else {
    sections.emplace_back(std::move(table));
  }
}

void add_incidents(const ServerDay& day, const ReportWords& words, const PageRows& rows,
                   std::vector<chart::Section>& sections) {
  sections.emplace_back(chart::Heading{std::string(words.alerts_heading)});
  if (day.incidents.empty()) {
    sections.emplace_back(chart::Paragraph{std::string(words.no_alerts), Tone::kMuted});
    return;
  }
  chart::Table table{{{std::string(words.began)},
                      {std::string(words.what)},
                      {std::string(words.peak), true},
                      {std::string(words.lasted), true},
                      {std::string(words.acknowledged)}},
                     {}};
  for (const catalog::Incident& incident : day.incidents) {
    if (table.rows.size() == rows.incidents) break;
    const Resource* resource = find_resource(incident.resource);
    const std::string how_long = words.duration(lasted(incident, day.day.to));
    table.rows.push_back(
        {words.moment(incident.breached_at, day.zone), incident_words(incident, words),
         resource == nullptr ? "" : words.value(incident.peak, resource->unit),
         incident.resolved_at ? Cell(how_long) : Cell(fmt::format("{}, {}", how_long, words.still_open), Tone::kBad),
         incident.acknowledged_by});
  }
  sections.emplace_back(std::move(table));
  if (day.incidents.size() > rows.incidents)
    sections.emplace_back(chart::Paragraph{fmt::format("+{}", day.incidents.size() - rows.incidents), Tone::kMuted});
}

void add_mounts(const ServerDay& day, const ReportWords& words, const PageRows& rows,
                std::vector<chart::Section>& sections) {
  if (day.mounts.empty()) return;
  const size_t rows_max = rows.with_mounts - std::min(day.incidents.size(), rows.incidents);
  sections.emplace_back(chart::Heading{std::string(words.mounts_heading)});
  chart::Table table{{{std::string(words.mount)},
                      {std::string(words.used), true},
                      {std::string(words.change), true},
                      {std::string(words.full)}},
                     {}};
  for (const MountDay& mount : day.mounts) {
    if (table.rows.size() == rows_max) break;
    table.rows.push_back({mount.path, Cell(words.value(mount.used, Unit::kPercent), tone_of_percent(mount.used)),
                          words.difference(mount.used - mount.before, Unit::kPercent),
                          full_text(mount, day.day.to, day.zone, words)});
  }
  sections.emplace_back(std::move(table));
  if (day.mounts.size() > rows_max) {
    sections.emplace_back(
        chart::Paragraph{say(words.more_mounts, fmt::arg("count", day.mounts.size() - rows_max),
                             fmt::arg("used", words.value(day.mounts[rows_max].used, Unit::kPercent))),
                         Tone::kMuted});
  }
}

void add_data_quality(const ServerDay& day, const ReportWords& words, std::vector<chart::Section>& sections) {
  sections.emplace_back(chart::Heading{std::string(words.data_heading)});
  if (day.gaps.empty()) {
    sections.emplace_back(chart::Paragraph{
        day.known == 1 ? std::string(words.no_gaps) : fmt::format("{}: {}", words.data, share_text(day.known)),
        Tone::kMuted});
    return;
  }
  std::string text = fmt::format("{}: {}", words.data, share_text(day.known));
  for (size_t i = 0; i < std::min(day.gaps.size(), kGapsMax); ++i) {
    const TimeRange& gap = day.gaps[i];
    text += "; " + say(words.gap, fmt::arg("from", day.zone.format(gap.from, "%H:%M")),
                       fmt::arg("to", day.zone.format(gap.to, "%H:%M")),
                       fmt::arg("duration", words.duration(gap.to - gap.from)));
  }
  if (day.gaps.size() > kGapsMax) text += fmt::format("; +{}", day.gaps.size() - kGapsMax);
  sections.emplace_back(chart::Paragraph{std::move(text)});
}

std::optional<std::string> forecast_risk(const ResourceDay& one, const ServerDay& day, const ReportWords& words) {
  if (!one.next || !one.resource->alert_above) return std::nullopt;
  const auto worst = std::ranges::max_element(one.next->steps, {}, &catalog::DayForecast::Step::p90);
  if (worst == one.next->steps.end() || worst->p90 <= *one.resource->alert_above) return std::nullopt;
  const Timestamp when = one.next->origin + one.next->step * (worst - one.next->steps.begin());
  return say(words.may_pass, fmt::arg("title", words.title_of(*one.resource, one.instance)),
             fmt::arg("limit", words.value(*one.resource->alert_above, one.resource->unit)),
             fmt::arg("time", words.moment(when, day.zone)),
             fmt::arg("value", words.value(worst->p90, one.resource->unit)));
}

std::optional<std::string> mount_risk(const MountDay& mount, const ServerDay& day, const ReportWords& words) {
  const auto path = fmt::arg("path", mount.path);
  if (mount.full.expected && *mount.full.expected > Duration::zero() && *mount.full.expected <= kWeek) {
    const auto moment = [&](Duration after) { return words.moment(day.day.to + after, day.zone); };
    if (!mount.full.earliest || !mount.full.latest)
      return say(words.full_on, path, fmt::arg("expected", moment(*mount.full.expected)));
    return say(words.full_with_band, path, fmt::arg("expected", moment(*mount.full.expected)),
               fmt::arg("earliest", moment(*mount.full.earliest)), fmt::arg("latest", moment(*mount.full.latest)));
  }
  if (mount.used >= 90) return say(words.is_full, path, fmt::arg("used", words.value(mount.used, Unit::kPercent)));
  return std::nullopt;
}

std::optional<std::string> week_risk(const ResourceDay& one, const ReportWords& words) {
  const double change = one.mean - one.week_before;
  if (one.resource->unit != Unit::kPercent || !(std::abs(change) >= 10)) return std::nullopt;
  return say(change > 0 ? words.more_than_week_before : words.less_than_week_before,
             fmt::arg("title", words.title_of(*one.resource, one.instance)),
             fmt::arg("difference", words.points_of(std::abs(change))));
}

}  // namespace

std::vector<std::string> risks_of(const ServerDay& day, const ReportWords& words) {
  std::vector<std::string> risks;
  const auto add = [&](std::optional<std::string> risk) {
    if (risk) risks.push_back(std::move(*risk));
  };
  for (const MountDay& mount : day.mounts) add(mount_risk(mount, day, words));
  for (const ResourceDay& one : day.resources) add(forecast_risk(one, day, words));
  const auto open = std::ranges::count_if(day.incidents, [](const auto& incident) { return !incident.resolved_at; });
  if (open > 0) risks.push_back(say(words.open_at_end, fmt::arg("count", open)));
  if (day.known < 0.95) risks.push_back(say(words.missing, fmt::arg("share", share_text(1 - day.known))));
  for (const ResourceDay& one : day.resources) add(week_risk(one, words));
  return risks;
}

chart::ReportDocument server_document(const ServerDay& day, const ReportWords& words, const ReportLook& look) {
  chart::ReportDocument document =
      empty_document(say(words.server_title, fmt::arg("name", day.server.name)), day.day, day.zone, words, look);
  auto& sections = document.sections;
  sections.emplace_back(key_figures(day, words));
  if (day.resources.empty()) sections.emplace_back(chart::Paragraph{std::string(words.no_data), Tone::kBad});
  sections.emplace_back(chart::Heading{std::string(words.watch)});
  chart::BulletList risks{risks_of(day, words)};
  risks.items.resize(std::min(risks.items.size(), kRisksMax));
  const size_t risks_count = risks.items.size();
  if (risks.items.empty()) {
    sections.emplace_back(chart::Paragraph{std::string(words.nothing_stands_out), Tone::kGood});
  } else {
    sections.emplace_back(std::move(risks));
  }
  const PageRows rows = look.paper == chart::Paper::kA4 ? PageRows{} : kLetterRows;
  add_charts(day, words, risks_count, look.paper, sections);
  if (!day.resources.empty()) {
    sections.emplace_back(chart::PageBreak{});
    sections.emplace_back(chart::Heading{std::string(words.resources_heading)});
    sections.emplace_back(resources_table(day, words));
    add_forecast_check(day, words, sections);
  }
  add_incidents(day, words, rows, sections);
  add_mounts(day, words, rows, sections);
  add_data_quality(day, words, sections);
  return document;
}

}  // namespace mps::service
