#include "service/graphs.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "chart/chart.h"
#include "service/scene_units.h"

namespace mps::service {
namespace {

constexpr int64_t kCellsMax = 8640;  // 24 h of 10 s: the chart keeps every peak of them
constexpr size_t kGraphLinesMax = 8;
constexpr Duration kAxisMin = std::chrono::minutes(10);
constexpr double kLeftOut = -1;

Duration step_of(Duration span) {
  return std::max<Duration>(std::chrono::seconds(10), span / kCellsMax);
}

double last_known(const std::vector<double>& values) {
  const auto found = std::find_if(values.rbegin(), values.rend(), [](double v) { return std::isfinite(v); });
  return found == values.rend() ? kLeftOut : *found;
}

// Of what a server has several of, the one that is fullest.
void keep_fullest(Frame& frame) {
  if (frame.columns.size() < 2) return;
  const auto fullest =
      std::max_element(frame.columns.begin(), frame.columns.end(),
                       [](const Column& a, const Column& b) { return last_known(a.values) < last_known(b.values); });
  frame.columns = {std::move(*fullest)};
}

std::string label_of(const Server& server, const Column& column, bool compared) {
  if (!compared) return column.name;
  return column.name.empty() ? server.name : fmt::format("{} {}", server.name, column.name);
}

// Everything that was sent of one resource, on one grid.
Result<Frame> lines_of(const Query& query, const GraphOrder& order, const Resource& resource) {
  const bool compared = order.servers.size() > 1;
  const Duration step = step_of(order.range.to - order.range.from);
  Frame all{Grid::covering(order.range, step), {}};
  for (const Server& server : order.servers) {
    MPS_TRY(Frame frame, query.frame(server.id, resource, order.range, step));
    if (compared) keep_fullest(frame);
    for (Column& column : frame.columns) {
      if (all.columns.size() >= kGraphLinesMax) break;
      all.columns.push_back({label_of(server, column, compared), std::move(column.values)});
    }
  }
  return all;
}

size_t empty_rows_at_front(const Frame& frame) {
  size_t count = frame.grid.size;
  for (const Column& column : frame.columns) {
    const auto known =
        std::find_if(column.values.begin(), column.values.end(), [](double v) { return std::isfinite(v); });
    count = std::min(count, static_cast<size_t>(known - column.values.begin()));
  }
  return count;
}

void drop_rows(Frame& frame, size_t count) {
  frame.grid.start = frame.grid.time_at(count);
  frame.grid.size -= count;
  for (Column& column : frame.columns)
    column.values.erase(column.values.begin(), column.values.begin() + static_cast<std::ptrdiff_t>(count));
}

chart::TimeSeriesScene scene_of(const Frame& frame, const Resource& resource, const GraphOrder& order) {
  chart::TimeSeriesScene scene;
  scene.grid = frame.grid;
  for (const Column& column : frame.columns) scene.lines.push_back({column.name, column.values});
  scene.unit = resource.unit;
  scene.threshold = resource.alert_above;
  scene.zone = order.zone;
  scene.words = order.words->chart;
  scene.title = order.words->title_of(resource);
  show_in(scene, order.words->units);
  return scene;
}

std::string names_of(const GraphOrder& order) {
  std::string names;
  for (const Server& server : order.servers) names += (names.empty() ? "" : ", ") + server.name;
  return names;
}

std::string range_text(const Grid& grid, const GraphOrder& order) {
  return fmt::format("{} - {}, {}", order.words->moment(grid.start, order.zone),
                     order.words->moment(std::min(grid.end(), order.range.to), order.zone), order.zone.name());
}

}  // namespace

void begin_with_first_figure(std::span<Frame> frames) {
  size_t rows = frames.front().grid.size;
  for (const Frame& frame : frames) rows = std::min(rows, empty_rows_at_front(frame));
  const Grid& grid = frames.front().grid;
  const auto shortest = static_cast<size_t>(kAxisMin / grid.step) + 1;
  rows = std::min(rows, grid.size > shortest ? grid.size - shortest : 0);
  for (Frame& frame : frames) drop_rows(frame, rows);
}

Result<std::string> draw_graph(const Query& query, const GraphOrder& order) {
  std::vector<Frame> frames;
  std::vector<const Resource*> shown;
  for (const Resource* resource : order.resources) {
    MPS_TRY(Frame frame, lines_of(query, order, *resource));
    if (frame.columns.empty()) continue;
    frames.push_back(std::move(frame));
    shown.push_back(resource);
  }
  if (frames.empty()) {
    std::string titles;
    for (const Resource* resource : order.resources)
      titles += (titles.empty() ? "" : ", ") + order.words->title_of(*resource);
    return Error{ErrorCode::kNotFound, fmt::format("{} has not sent {} yet", names_of(order), titles)};
  }
  begin_with_first_figure(frames);
  const std::string when = range_text(frames.front().grid, order);
  if (frames.size() == 1) {
    auto scene = scene_of(frames.front(), *shown.front(), order);
    scene.title = fmt::format("{}: {}", names_of(order), scene.title);
    scene.subtitle = when;
    return chart::to_png(scene);
  }
  chart::OverviewScene overview;
  overview.title = names_of(order);
  overview.subtitle = when;
  overview.words = order.words->chart;
  for (size_t i = 0; i < frames.size(); ++i) overview.panels.push_back(scene_of(frames[i], *shown[i], order));
  return chart::to_png(overview);
}

}  // namespace mps::service
