#include <benchmark/benchmark.h>
#include <cmath>
#include <random>

#include "chart/chart.h"
#include "chart/decimate.h"
#include "chart/document.h"

// How long pictures take, fonts already loaded (the first picture of a process loads them).
namespace mps::chart {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::vector<double> noisy_days(const Grid& grid) {
  std::mt19937 random(1);
  std::vector<double> values(grid.size);
  for (size_t i = 0; i < grid.size; ++i) {
    const double day = std::chrono::duration<double, std::ratio<86400>>(grid.time_at(i).time_since_epoch()).count();
    const double noise = static_cast<double>(random()) / 4294967296.0;
    values[i] = 34 + 18 * std::sin(day * 2 * M_PI) + 6 * noise + (random() % 900 == 0 ? 30 : 0);
  }
  return values;
}

TimeSeriesScene scene_of(Duration step, size_t cells) {
  TimeSeriesScene scene;
  scene.title = "web-1 · CPU";
  scene.subtitle = "last 24 hours";
  scene.grid = {std::chrono::sys_days(std::chrono::year(2026) / 3 / 11), step, cells};
  scene.lines = {{"", noisy_days(scene.grid)}};
  scene.threshold = 90;
  scene.zone = TimeZone::find("Europe/Berlin").value();
  return scene;
}

template <class Scene>
void draw_png(benchmark::State& state, const Scene& scene) {
  size_t bytes = 0;
  for (auto _ : state) bytes = to_png(scene).value().size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

void BM_OneDayOf10s(benchmark::State& state) {
  draw_png(state, scene_of(seconds(10), 8640));
}
void BM_OneDayOf5min(benchmark::State& state) {
  draw_png(state, scene_of(minutes(5), 288));
}
void BM_ThirtyDaysOf10s(benchmark::State& state) {
  draw_png(state, scene_of(seconds(10), 30 * 8640));
}
void BM_ThirtyDaysOf5min(benchmark::State& state) {
  draw_png(state, scene_of(minutes(5), 30 * 288));
}

void BM_Forecast24h(benchmark::State& state) {
  TimeSeriesScene scene = scene_of(minutes(5), 288);
  scene.forecast.emplace();
  scene.forecast->grid = {scene.grid.end(), minutes(5), 288};
  scene.forecast->median = noisy_days(scene.forecast->grid);
  for (const double middle : scene.forecast->median) {
    scene.forecast->band80.low.push_back(middle - 8);
    scene.forecast->band80.high.push_back(middle + 12);
  }
  scene.now = scene.grid.end();
  draw_png(state, scene);
}

void BM_EightLinesOf5min(benchmark::State& state) {
  TimeSeriesScene scene = scene_of(minutes(5), 288);
  for (int i = 0; i < 7; ++i) {
    scene.lines.push_back({"line", scene.lines[0].values});
    for (double& value : scene.lines.back().values) value += 4 * i;
  }
  draw_png(state, scene);
}

void BM_OverviewOfFour(benchmark::State& state) {
  OverviewScene scene;
  scene.title = "web-1";
  scene.panels.assign(4, scene_of(minutes(5), 288));
  draw_png(state, scene);
}

void BM_HeatmapOf40ServersAndOneDay(benchmark::State& state) {
  HeatmapScene scene;
  scene.title = "Fleet";
  scene.grid = {Timestamp(), std::chrono::hours(1), 24};
  scene.rows.assign(40, {"server.example.net", noisy_days(scene.grid)});
  draw_png(state, scene);
}

void BM_OneDayOf10sAsPdf(benchmark::State& state) {
  const TimeSeriesScene scene = scene_of(seconds(10), 8640);
  size_t bytes = 0;
  for (auto _ : state) bytes = to_pdf(scene).value().size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

void BM_Decimate8640(benchmark::State& state) {
  const std::vector<double> values = noisy_days({Timestamp(), seconds(10), 8640});
  for (auto _ : state) benchmark::DoNotOptimize(decimate(values, 115, 1060.0 / 8640));
}

// Two pages: key figures, three charts, a table, sentences.
void BM_ReportOfOneServer(benchmark::State& state) {
  ReportDocument document;
  document.title = "web-1";
  document.sections = {KeyFigures{std::vector<KeyFigure>(5, {"CPU", "42 %", "day before 38 %"})},
                       ChartRow{{scene_of(minutes(5), 288)}},
                       ChartRow{{scene_of(minutes(5), 288), scene_of(minutes(5), 288)}},
                       Table{{{"mount point"}, {"used", true}, {"free", true}, {"full in", true}},
                             std::vector<std::vector<Cell>>(40, {"/srv/data", "40 %", "812 GB", "9 days"})},
                       BulletList{{"Disk / reaches 95 % on Tuesday.", "CPU stays as it is."}}};
  size_t bytes = 0;
  for (auto _ : state) bytes = to_pdf(document).value().size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

void BM_ReportOfAThousandServers(benchmark::State& state) {
  HeatmapScene heat;
  heat.grid = {Timestamp(), std::chrono::hours(1), 24};
  heat.rows.assign(1000, {"server.example.net", noisy_days(heat.grid)});
  Table table{{{"server"}, {"CPU", true}, {"RAM", true}, {"disk", true}, {"full in", true}, {"incidents", true}}, {}};
  table.rows.assign(1000, {"server.example.net", "42 %", "63 %", Cell("91 %", Tone::kBad), "9 days", "0"});
  ReportDocument document;
  document.title = "Fleet";
  document.sections = {ChartRow{{heat}, 300}, table};
  size_t bytes = 0;
  for (auto _ : state) bytes = to_pdf(document).value().size();
  state.counters["bytes"] = static_cast<double>(bytes);
}

BENCHMARK(BM_OneDayOf10s)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_OneDayOf5min)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ThirtyDaysOf10s)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ThirtyDaysOf5min)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Forecast24h)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_EightLinesOf5min)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_OverviewOfFour)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_HeatmapOf40ServersAndOneDay)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_OneDayOf10sAsPdf)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ReportOfOneServer)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ReportOfAThousandServers)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Decimate8640)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mps::chart

BENCHMARK_MAIN();
