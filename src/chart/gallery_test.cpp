#include <cmath>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <random>

#include "chart/chart.h"

namespace mps::chart {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Writes the pictures into the folder that MPS_GALLERY_DIR names, if it names one.
void keep(const std::string& name, const Result<std::string>& file) {
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_GT(file->size(), 200u);
  const char* folder = std::getenv("MPS_GALLERY_DIR");
  if (folder == nullptr) return;
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

TEST(Gallery, OneDayEveryTenSeconds) {
  for (const Theme theme : {Theme::kLight, Theme::kDark}) {
    TimeSeriesScene scene = day_of_cpu();
    scene.theme = theme;
    keep(theme == Theme::kLight ? "day.png" : "day-dark.png", to_png(scene));
    keep(theme == Theme::kLight ? "day.pdf" : "day-dark.pdf", to_pdf(scene));
  }
}

}  // namespace
}  // namespace mps::chart
