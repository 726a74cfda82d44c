#include <cmath>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <span>

#include "chart/chart.h"
#include "chart/document.h"
#include "testing/picture.h"

// Fontconfig keeps what it has read of the fonts until the process ends; the leak checker asks this function about it.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig";
}

namespace mps::chart {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Writes the pictures into the folder that MPS_GALLERY_DIR names, if it names one; else holds them against those that
// docs/gallery shows.
void keep(const std::string& name, const Result<std::string>& file) {
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_GT(file->size(), 200u);
  const char* folder = std::getenv("MPS_GALLERY_DIR");
  if (folder == nullptr) return testing::expect_as_in_gallery(name, *file);
  std::ofstream out(std::string(folder) + "/" + name, std::ios::binary);
  out << *file;
  ASSERT_TRUE(out.good()) << folder;
}

const Timestamp kStart = std::chrono::sys_days(std::chrono::year(2026) / 3 / 11) + hours(13) + minutes(20);

TimeZone berlin() {
  return TimeZone::find("Europe/Berlin").value();
}

// A server's processor: a day's rhythm, a nightly batch, noise and rare peaks.
std::vector<double> cpu_like(const Grid& grid, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<double> values(grid.size);
  double slow = 0;
  for (size_t i = 0; i < grid.size; ++i) {
    const double day = std::chrono::duration<double, std::ratio<86400>>(grid.time_at(i).time_since_epoch()).count();
    const double part = day - std::floor(day);
    const auto noise = [&] { return static_cast<double>(random()) / 4294967296.0 - 0.5; };
    slow = slow * 0.995 + noise() * 0.6;
    double value = 34 + 18 * std::sin((part - 0.35) * 2 * M_PI) + slow + 5 * noise();
    if (part > 0.083 && part < 0.11) value += 38;
    if (random() % 900 == 0) value += 30;
    values[i] = std::clamp(value, 0.4, 100.0);
  }
  return values;
}

TimeSeriesScene day_of_cpu() {
  TimeSeriesScene scene;
  scene.title = "web-1 · CPU";
  scene.subtitle = "last 24 hours";
  scene.grid = {kStart, seconds(10), 8640};
  scene.lines = {{"", cpu_like(scene.grid, 1)}};
  scene.threshold = 90;
  scene.zone = berlin();
  return scene;
}

// Every kind of picture in both themes: NAME-light.png, NAME-dark.png, NAME.pdf.
template <class Scene>
void keep_both(const std::string& name, Scene scene, size_t bytes_max = 60'000) {
  keep(name + ".pdf", to_pdf(scene));
  for (const Theme theme : {Theme::kLight, Theme::kDark}) {
    scene.theme = theme;
    const Result<std::string> png = to_png(scene);
    keep(name + (theme == Theme::kLight ? "-light.png" : "-dark.png"), png);
    EXPECT_LT(png->size(), bytes_max) << name;
  }
}

ForecastOverlay forecast_of(const Grid& grid, std::span<const double> truth) {
  ForecastOverlay forecast;
  forecast.grid = grid;
  for (size_t i = 0; i < grid.size; ++i) {
    const double middle = truth[i] * 0.93 + 2, width = 3 + 9 * std::sqrt(static_cast<double>(i + 1) / 60);
    forecast.median.push_back(middle);
    forecast.band80.low.push_back(std::max(0.0, middle - width));
    forecast.band80.high.push_back(middle + width * 1.3);
    forecast.band50.low.push_back(std::max(0.0, middle - width * 0.45));
    forecast.band50.high.push_back(middle + width * 0.6);
  }
  return forecast;
}

TEST(Gallery, OneDayEveryTenSeconds) {
  keep_both("day", day_of_cpu());
}

TEST(Gallery, IsHeldAgainstWithATolerance) {
  ASSERT_FALSE(testing::gallery_folder().empty());
  EXPECT_TRUE(std::filesystem::exists(testing::gallery_folder() / "day-light.png"));
  TimeSeriesScene scene = day_of_cpu();
  const Picture whole = testing::decode_png(to_png(scene).value());
  EXPECT_TRUE(testing::difference_of(whole, whole).is_small());
  Picture smoothed = whole;
  for (size_t i = 1; i < whole.pixels.size(); i += 7) smoothed.pixels[i] ^= 0x070707;
  EXPECT_TRUE(testing::difference_of(whole, smoothed).is_small());
  scene.threshold.reset();
  EXPECT_FALSE(testing::difference_of(whole, testing::decode_png(to_png(scene).value())).is_small());
  scene = day_of_cpu();
  scene.title = "db-7 · RAM, and what else there is";
  EXPECT_FALSE(testing::difference_of(whole, testing::decode_png(to_png(scene).value())).is_small());
}

TEST(Gallery, HistoryAndForecast) {
  TimeSeriesScene scene = day_of_cpu();
  scene.title = "web-1 · CPU · forecast 24 h";
  scene.subtitle = "history of 24 hours, median and 50 and 80 % bands";
  scene.grid = {kStart, minutes(5), 288};
  const std::vector<double> truth = cpu_like({kStart, minutes(5), 576}, 2);
  scene.lines = {{"", {truth.begin(), truth.begin() + 288}}};
  scene.forecast = forecast_of({scene.grid.end(), minutes(5), 288}, std::span(truth).subspan(288));
  scene.now = scene.grid.end();
  scene.corner = "LSTM  MAE 2.1 %  RMSE 3.4 %  ·  seasonal naive MAE 3.0 %";
  keep_both("forecast-24h", scene);
  scene.title = "web-1 · CPU · forecast 1 h";
  scene.forecast = forecast_of({scene.grid.end(), minutes(5), 12}, std::span(truth).subspan(288));
  keep_both("forecast-1h", scene);
}

TEST(Gallery, ForecastAgainstActual) {
  TimeSeriesScene scene = day_of_cpu();
  scene.title = "web-1 · CPU · yesterday's forecast";
  scene.grid = {kStart, minutes(5), 288};
  scene.lines = {{"actual", cpu_like(scene.grid, 3)}};
  scene.forecast = forecast_of(scene.grid, cpu_like(scene.grid, 4));
  scene.threshold.reset();
  scene.corner = "MAE 2.4 %  ·  seasonal naive 3.3 %";
  keep_both("forecast-actual", scene, 70'000);
}

TEST(Gallery, EightLinesWithTheirNamesAtTheirEnds) {
  TimeSeriesScene scene = day_of_cpu();
  scene.title = "Disk use by mount point";
  scene.subtitle = "db-1, last 30 days";
  scene.grid = {kStart - hours(30 * 24), hours(1), 720};
  scene.lines.clear();
  const char* names[] = {"/", "/home", "/var", "/var/lib/postgresql", "/boot", "/tmp", "/srv", "/backup"};
  for (size_t k = 0; k < 8; ++k) {
    Line line{names[k], {}};
    for (size_t i = 0; i < 720; ++i) {
      const double start = 10.0 + 9 * static_cast<double>(k), rise = static_cast<double>(k % 3) * 0.01;
      line.values.push_back(start + rise * static_cast<double>(i) + std::sin(static_cast<double>(i * (k + 1)) / 60));
    }
    scene.lines.push_back(line);
  }
  keep_both("eight-lines", scene);
}

TEST(Gallery, NetworkBothWaysAndAnIncident) {
  TimeSeriesScene scene = day_of_cpu();
  scene.title = "web-1 · network";
  scene.threshold.reset();
  scene.grid = {kStart, minutes(1), 360};
  scene.subtitle = "last 6 hours";
  scene.unit = Unit::kBytesPerSecond;
  scene.lines = {{"in", cpu_like(scene.grid, 5)}, {"out", cpu_like(scene.grid, 6)}};
  for (double& v : scene.lines[0].values) v *= 52e3;
  for (double& v : scene.lines[1].values) v *= 11e3;
  for (size_t i = 150; i < 175; ++i) scene.lines[0].values[i] = scene.lines[1].values[i] = NAN;
  scene.lines[1].values[160] = 900e3;
  scene.shaded = {{kStart + minutes(148), kStart + minutes(176)}, {kStart + minutes(290), kStart + minutes(291)}};
  scene.now = scene.grid.end();
  keep_both("network", scene);
}

TEST(Gallery, DiskFillsUp) {
  TimeSeriesScene scene = day_of_cpu();
  scene.title = "backup-3 · disk / · full in 9 days";
  scene.subtitle = "at the pace of the last 14 days: 21 Mar (80 %: 19 to 25 Mar)";
  scene.grid = {kStart - hours(14 * 24), hours(1), 14 * 24};
  scene.lines = {{"", {}}};
  for (size_t i = 0; i < scene.grid.size; ++i) {
    const double x = static_cast<double>(i);
    scene.lines[0].values.push_back(48 + x * 0.1 + 1.2 * std::sin(x / 7) - (i % 96 < 6 ? 2 : 0));
  }
  scene.forecast.emplace();
  scene.forecast->grid = {scene.grid.end(), hours(6), 14 * 4};
  for (size_t i = 0; i < 56; ++i) {
    const double x = static_cast<double>(i + 1), middle = std::min(100.0, 81 + x * 0.52);
    scene.forecast->median.push_back(middle);
    scene.forecast->band80.low.push_back(middle - x * 0.16);
    scene.forecast->band80.high.push_back(std::min(100.0, middle + x * 0.19));
  }
  scene.now = scene.grid.end();
  keep_both("disk-full", scene);
}

TEST(Gallery, TwoMonthsAndAClockChange) {
  TimeSeriesScene scene = day_of_cpu();
  scene.title = "Europe/Berlin · 28 to 30 March 2026";
  scene.subtitle = "Sunday has 23 hours";
  scene.grid = {std::chrono::sys_days(std::chrono::year(2026) / 3 / 28) + hours(17), minutes(5), 12 * 36};
  scene.lines = {{"", cpu_like(scene.grid, 7)}};
  keep_both("clock-change", scene);
  scene.title = "web-1 · CPU · 60 days";
  scene.subtitle.clear();
  scene.grid = {kStart - hours(24 * 60), minutes(5), 288 * 60};
  scene.lines = {{"", cpu_like(scene.grid, 8)}};
  keep_both("sixty-days", scene, 100'000);
}

TEST(Gallery, AnyScript) {
  TimeSeriesScene scene = day_of_cpu();
  scene.grid = {kStart, minutes(5), 288};
  scene.title = "Загрузка процессора · 服务器负载 · טעינת שרת · حمل الخادم 🔥 🚀";
  scene.subtitle = "последние 24 часа";
  scene.lines = {{"сервер", cpu_like(scene.grid, 9)}};
  scene.words.months[2] = "мар";
  scene.corner = "данные: каждые 5 минут";
  keep_both("scripts", scene);
  scene.title = "";
  while (scene.title.size() < 400) scene.title += "очень длинное имя ";
  scene.subtitle = "שרת אחד בעברית, 24 שעות אחרונות";
  scene.lines[0].label = "an endless label of a single line that nobody would write by hand";
  keep_both("long-texts", scene);
}

OverviewScene overview() {
  OverviewScene scene;
  scene.title = "web-1";
  scene.subtitle = "last 24 hours · up 12 days";
  const Grid grid{kStart, minutes(5), 288};
  TimeSeriesScene panel;
  panel.zone = berlin();
  panel.grid = grid;
  panel.title = "CPU";
  panel.lines = {{"", cpu_like(grid, 10)}};
  panel.threshold = 90;
  scene.panels.push_back(panel);
  panel.title = "RAM";
  panel.lines = {{"", std::vector<double>(288, 0)}};
  for (size_t i = 0; i < 288; ++i) panel.lines[0].values[i] = 61 + 3 * std::sin(static_cast<double>(i) / 40);
  scene.panels.push_back(panel);
  panel.title = "Disk /";
  panel.lines[0].values.assign(288, 3.4);
  scene.panels.push_back(panel);
  panel.title = "Network";
  panel.unit = Unit::kBytesPerSecond;
  panel.threshold.reset();
  panel.lines = {{"in", cpu_like(grid, 11)}, {"out", cpu_like(grid, 12)}};
  for (double& v : panel.lines[0].values) v *= 52e3;
  for (double& v : panel.lines[1].values) v *= 11e3;
  scene.panels.push_back(panel);
  return scene;
}

TEST(Gallery, Overview) {
  keep_both("overview", overview());
  OverviewScene six = overview();
  six.panels.push_back(six.panels[0]);
  six.panels.push_back(six.panels[3]);
  six.corner = "incidents: none";
  keep_both("overview-six", six);
}

HeatmapScene fleet(size_t servers, size_t hours_shown) {
  HeatmapScene scene;
  scene.title = "Fleet · CPU";
  scene.subtitle = "hourly means, worst first";
  scene.zone = berlin();
  scene.grid = {kStart - minutes(20), hours(1), hours_shown};
  for (size_t k = 0; k < servers; ++k) {
    Line row{"server-" + std::to_string(k + 1) + ".example.net", cpu_like(scene.grid, static_cast<uint32_t>(k + 20))};
    for (double& v : row.values) v = std::min(100.0, v * 30.0 / (12.0 + static_cast<double>(k % 40) * 2));
    for (size_t i = 0; i < row.values.size(); ++i) {
      if (k % 5 == 2 && i % 24 > 8 && i % 24 < 13) row.values[i] = NAN;
    }
    scene.rows.push_back(row);
  }
  return scene;
}

TEST(Gallery, FleetHeatmap) {
  keep_both("heatmap", fleet(12, 24));
  keep_both("heatmap-wide", fleet(300, 24 * 14), 180'000);
}

TEST(Gallery, Sparkline) {
  SparklineScene scene;
  scene.values = cpu_like({kStart, minutes(15), 96}, 13);
  keep_both("sparkline", scene);
}

ReportDocument report() {
  ReportDocument document;
  document.title = "web-1 · daily report";
  document.subtitle = "Wednesday, 11 March 2026 · Europe/Berlin · made up for the gallery";
  document.author = "MPS";
  document.subject = "State, forecast and incidents of one server";
  document.created = kStart;
  document.footer = "MPS · web-1 · 11 March 2026";
  document.link = "https://hub.example.net/servers/web-1";
  document.sections.push_back(KeyFigures{{{"CPU", "42 %", "day before 38 %"},
                                          {"RAM", "63 %", "day before 63 %"},
                                          {"Disk /", "91 %", "full in 9 days", Tone::kBad},
                                          {"Network in", "1.97 MB/s", "day before 2.1 MB/s"},
                                          {"Availability", "99.6 %", "one gap of 6 min", Tone::kWarning},
                                          {"Incidents", "0", "day before 2", Tone::kGood}}});
  document.sections.push_back(Heading{"The day, and the next 24 hours"});
  const Grid grid{kStart, minutes(5), 288};
  TimeSeriesScene cpu = day_of_cpu();
  cpu.title = "CPU";
  cpu.subtitle.clear();
  cpu.grid = grid;
  const std::vector<double> truth = cpu_like({kStart, minutes(5), 576}, 2);
  cpu.lines = {{"", {truth.begin(), truth.begin() + 288}}};
  cpu.forecast = forecast_of({grid.end(), minutes(5), 288}, std::span(truth).subspan(288));
  cpu.now = grid.end();
  document.sections.push_back(ChartRow{{cpu}, 170});
  document.sections.push_back(ChartRow{{overview().panels[1], overview().panels[3]}, 120});
  document.sections.push_back(Heading{"Disks"});
  Table disks{{{"mount point"}, {"used", true}, {"free", true}, {"7-day growth", true}, {"full in", true}, {"why"}},
              {}};
  disks.rows.push_back({"/", Cell("91 %", Tone::kBad), "18.2 GB", "+1.1 GB a day", Cell("9 days", Tone::kBad),
                        "Grows by the same amount every night between 02:00 and 02:40."});
  for (int i = 0; i < 40; ++i) {
    disks.rows.push_back({"/srv/data-" + std::to_string(i), "40 %", "812 GB", "none", "-"});
  }
  document.sections.push_back(disks);
  document.sections.push_back(Heading{"Next week"});
  document.sections.push_back(BulletList{{
      "Disk / reaches 95 % on Tuesday, 17 March (80 %: Monday to Thursday). What fills it is written at night, and a "
      "look at the retention of backups is worth it before the weekend.",
      "Процессор: ожидается обычная нагрузка.",
      "שרת אחד דורש תשומת לב.",
  }});
  document.sections.push_back(Paragraph{"Open this server on the hub's page", Tone::kPlain, document.link});
  return document;
}

TEST(Gallery, Report) {
  keep("report.pdf", to_pdf(report()));
  ReportDocument letter = report();
  letter.paper = Paper::kLetter;
  keep("report-letter.pdf", to_pdf(letter));
  EXPECT_LT(to_pdf(letter)->size(), 300'000u);
}

// Figures that nobody hopes for.
TEST(Gallery, StrangeFigures) {
  TimeSeriesScene scene = day_of_cpu();
  scene.subtitle.clear();
  scene.grid = {kStart, minutes(5), 288};
  const auto with = [&](const std::string& name, std::vector<double> values, Unit unit = Unit::kLoad) {
    scene.title = name;
    scene.unit = unit;
    scene.threshold = unit == Unit::kPercent ? std::optional<double>(90) : std::nullopt;
    scene.lines = {{"x", std::move(values)}};
    keep_both("strange-" + name, scene, 100'000);
  };
  std::vector<double> one(288, NAN), infinite(288, 1.0), low = cpu_like(scene.grid, 14), signs = low, giants = low;
  one[100] = 42;
  infinite[50] = INFINITY;
  infinite[60] = -INFINITY;
  for (size_t i = 0; i < 288; ++i) {
    signs[i] = signs[i] - 40;
    giants[i] = (i % 2 == 0 ? 1.0 : -1.0) * 1.7e308;
    low[i] = 2 + low[i] / 60;
  }
  with("nothing", {}, Unit::kPercent);
  with("all-nan", std::vector<double>(288, NAN), Unit::kPercent);
  with("one-point", one, Unit::kPercent);
  with("constant", std::vector<double>(288, 42), Unit::kPercent);
  with("zero", std::vector<double>(288, 0), Unit::kBytesPerSecond);
  with("two-percent", low, Unit::kPercent);
  with("huge", std::vector<double>(288, 1e18));
  with("huge-bytes", std::vector<double>(288, 1e18), Unit::kBytesPerSecond);
  with("huge-percent", std::vector<double>(288, 1e18), Unit::kPercent);
  with("infinite", infinite);
  with("signs", signs);
  with("negative", std::vector<double>(288, -5.5));
  with("giants", giants);
}

}  // namespace
}  // namespace mps::chart
