#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <thread>

#include "chart/chart.h"
#include "chart/heatmap.h"
#include "chart/surface.h"
#include "chart/time_series.h"

// What pictures show, read from their pixels. Nothing here depends on fonts: texts are left out or looked past.
namespace mps::chart {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
const Timestamp kPictureStart = std::chrono::sys_days(std::chrono::year(2026) / 3 / 11);
const Palette& kLight = palette_of(Theme::kLight);

// A bare scene: no texts but those of the axes.
TimeSeriesScene bare(Duration step, std::vector<double> values) {
  TimeSeriesScene scene;
  scene.grid = {kPictureStart, step, values.size()};
  scene.lines = {{"", std::move(values)}};
  return scene;
}

struct Drawn {
  Picture picture;
  Plot plot;

  bool column_has(int x, Colour colour) const {
    for (int y = static_cast<int>(plot.area.top); y < static_cast<int>(plot.area.bottom) + 2; ++y) {
      if (picture.at(x, y) == colour.rgb) return true;
    }
    return false;
  }
  bool box_has(const Box& box, Colour colour) const {
    for (int y = static_cast<int>(box.top); y <= static_cast<int>(box.bottom); ++y) {
      for (int x = static_cast<int>(box.left); x <= static_cast<int>(box.right); ++x) {
        if (picture.at(x, y) == colour.rgb) return true;
      }
    }
    return false;
  }
  bool near(double x, double y, Colour colour) const { return box_has({x - 2, y - 2, x + 2, y + 2}, colour); }
};

Drawn drawn(const TimeSeriesScene& scene) {
  Drawn result;
  result.picture = draw_pixels({scene.width, scene.height}, [&](Canvas& canvas, const Box& box) {
                     canvas.fill(box, palette_of(scene.theme).background);
                     result.plot = draw_time_series(canvas, box, scene, Look{}, scene.theme, scene.words);
                   }).value();
  return result;
}

TEST(TimeSeriesPicture, LeavesGapsOpen) {
  std::vector<double> values(288, 42);
  std::fill(values.begin() + 72, values.begin() + 144, kUnknown);
  const TimeSeriesScene scene = bare(minutes(5), values);
  const Drawn d = drawn(scene);
  const int from = static_cast<int>(d.plot.cell_x(scene.grid, 71)),
            to = static_cast<int>(d.plot.cell_x(scene.grid, 144));
  for (int x = static_cast<int>(d.plot.area.left) + 4; x < static_cast<int>(d.plot.area.right) - 4; ++x) {
    const bool gap = x > from + 2 && x < to - 2, line = x < from - 2 || x > to + 2;
    if (gap) {
      EXPECT_FALSE(d.column_has(x, kLight.line(0))) << x;
    }
    if (line) {
      EXPECT_TRUE(d.column_has(x, kLight.line(0))) << x;
    }
  }
}

TEST(TimeSeriesPicture, LeavesGapsOpenInDenseLines) {
  std::vector<double> values(86400, 42);
  std::fill(values.begin() + 21600, values.begin() + 43200, kUnknown);
  const TimeSeriesScene scene = bare(seconds(1), values);
  const Drawn d = drawn(scene);
  const int from = static_cast<int>(d.plot.cell_x(scene.grid, 21600)),
            to = static_cast<int>(d.plot.cell_x(scene.grid, 43200));
  for (int x = from + 3; x < to - 3; ++x) EXPECT_FALSE(d.column_has(x, kLight.line(0))) << x;
  EXPECT_TRUE(d.column_has(from - 5, kLight.line(0)));
  EXPECT_TRUE(d.column_has(to + 5, kLight.line(0)));
}

TEST(TimeSeriesPicture, ShowsThePeakOfOneSampleAmongThousands) {
  for (const size_t peak : {1u, 1234u, 4321u, 8638u}) {
    std::vector<double> values(8640, 20);
    values[peak] = 95;
    const TimeSeriesScene scene = bare(seconds(10), values);
    const Drawn d = drawn(scene);
    const Colour pale = mix(kLight.line(0), kLight.background, kDenseBandStrength);
    const double x = d.plot.cell_x(scene.grid, peak);
    EXPECT_TRUE(d.near(x, d.plot.y(95), pale)) << peak;
    EXPECT_TRUE(d.near(x, d.plot.y(60), pale)) << peak;
    EXPECT_FALSE(d.near(x, d.plot.y(95) - 6, pale)) << "and no higher";
  }
}

TEST(TimeSeriesPicture, ShowsLonelyFiguresAsDots) {
  std::vector<double> values(288, kUnknown);
  values[100] = 30;
  const TimeSeriesScene scene = bare(minutes(5), values);
  const Drawn d = drawn(scene);
  const double x = d.plot.cell_x(scene.grid, 100), y = d.plot.y(30);
  for (const double side : {-3.0, 0.0, 3.0}) {
    EXPECT_TRUE(d.box_has({x + side, y, x + side, y}, kLight.line(0)));
    EXPECT_TRUE(d.box_has({x, y + side, x, y + side}, kLight.line(0)));
  }
  EXPECT_FALSE(d.column_has(static_cast<int>(x) + 15, kLight.line(0)));
}

TEST(TimeSeriesPicture, DashesTheThreshold) {
  TimeSeriesScene scene = bare(minutes(5), std::vector<double>(288, 60));
  scene.threshold = 90;
  const Drawn d = drawn(scene);
  const int y = static_cast<int>(d.plot.y(90));
  int coloured = 0, all = 0;
  for (int x = static_cast<int>(d.plot.area.left); x < static_cast<int>(d.plot.area.right); ++x, ++all) {
    coloured += d.box_has({double(x), y - 1.0, double(x), y + 1.0}, kLight.threshold) ? 1 : 0;
  }
  EXPECT_GT(coloured, all / 2);
  EXPECT_LT(coloured, all * 4 / 5);
}

TEST(TimeSeriesPicture, LeavesAThresholdFarAboveOutOfThePlot) {
  TimeSeriesScene scene = bare(minutes(5), std::vector<double>(288, 2));
  scene.threshold = 90;
  const Drawn d = drawn(scene);
  EXPECT_LT(d.plot.axis.high, 90);
  EXPECT_FALSE(d.box_has(d.plot.area, kLight.threshold));
}

TEST(TimeSeriesPicture, ShadesIncidents) {
  TimeSeriesScene scene = bare(minutes(5), std::vector<double>(288, 60));
  scene.shaded = {{kPictureStart + hours(6), kPictureStart + hours(8)},
                  {kPictureStart - hours(9), kPictureStart - hours(8)}};
  const Drawn d = drawn(scene);
  const double y = d.plot.y(33);
  for (int x = static_cast<int>(d.plot.area.left) + 2; x < static_cast<int>(d.plot.area.right); x += 7) {
    const Timestamp time =
        kPictureStart + seconds(static_cast<int64_t>((x - d.plot.area.left) / d.plot.area.width() * 86400));
    const bool inside = time > kPictureStart + hours(6) + minutes(5) && time < kPictureStart + hours(8) - minutes(5);
    const bool outside = time < kPictureStart + hours(6) - minutes(5) || time > kPictureStart + hours(8) + minutes(5);
    const bool shaded = d.picture.at(x, static_cast<int>(y)) == kLight.incident.rgb;
    if (outside) {
      EXPECT_FALSE(shaded) << x;
    }
    if (inside && x % 14 == 0) {
      EXPECT_TRUE(d.near(x, y, kLight.incident)) << x;
    }
  }
}

TEST(TimeSeriesPicture, ContinuesTheLineWithMedianAndBand) {
  TimeSeriesScene scene = bare(minutes(5), std::vector<double>(288, 40));
  scene.now = scene.grid.end();
  scene.forecast.emplace();
  scene.forecast->grid = {scene.grid.end(), minutes(5), 144};
  scene.forecast->median.assign(144, 45);
  scene.forecast->band80 = {std::vector<double>(144, 30), std::vector<double>(144, 70)};
  const Drawn d = drawn(scene);
  const Colour band = mix(kLight.forecast, kLight.background, kBand80Strength);
  EXPECT_EQ(d.plot.time.to, scene.forecast->grid.end());
  const double middle = d.plot.cell_x(scene.forecast->grid, 70);
  EXPECT_TRUE(d.box_has({middle - 10, d.plot.y(45) - 2, middle + 10, d.plot.y(45) + 2}, kLight.forecast));
  EXPECT_TRUE(d.near(middle, d.plot.y(60), band));
  EXPECT_TRUE(d.near(middle, d.plot.y(32), band));
  EXPECT_FALSE(d.near(middle, d.plot.y(72), band));
  EXPECT_FALSE(d.near(middle, d.plot.y(45), kLight.line(0)));
  const double join = d.plot.x(scene.grid.end());
  EXPECT_TRUE(d.box_has({join - 4, d.plot.y(46), join + 4, d.plot.y(39)}, kLight.forecast)) << "no gap between them";
}

TEST(TimeSeriesPicture, HasTheColoursOfItsTheme) {
  TimeSeriesScene scene = bare(minutes(5), std::vector<double>(288, 60));
  scene.theme = Theme::kDark;
  const Drawn d = drawn(scene);
  const Palette& dark = palette_of(Theme::kDark);
  EXPECT_EQ(d.picture.at(0, 0), dark.background.rgb);
  EXPECT_TRUE(d.near(d.plot.cell_x(scene.grid, 100), d.plot.y(60), dark.line(0)));
}

TEST(TimeSeriesPicture, IsTheSameEveryTime) {
  TimeSeriesScene scene = bare(minutes(5), std::vector<double>(288, 60));
  scene.title = "web-1";
  EXPECT_EQ(to_png(scene).value(), to_png(scene).value());
  EXPECT_EQ(to_pdf(scene).value(), to_pdf(scene).value());
}

TEST(TimeSeriesPicture, IsTheSameFromEveryThread) {
  TimeSeriesScene scene = bare(minutes(5), std::vector<double>(288, 60));
  scene.title = "web-1 · сервер";
  const std::string expected = to_png(scene).value();
  std::vector<std::string> files(4);
  std::vector<std::jthread> threads;
  for (std::string& file : files) {
    threads.emplace_back([&scene, &file] {
      for (int i = 0; i < 3; ++i) file = to_png(scene).value();
    });
  }
  threads.clear();
  for (const std::string& file : files) EXPECT_EQ(file, expected);
}

TEST(TimeSeriesPicture, StandsEverySizeAndScene) {
  const std::pair<int, int> sizes[] = {{16, 16}, {16, 4000}, {4000, 16}, {100, 100}, {400, 225}, {2560, 1440}};
  for (const auto& [width, height] : sizes) {
    TimeSeriesScene scene = bare(minutes(5), std::vector<double>(288, 60));
    scene.title = scene.corner = "a title";
    scene.threshold = 90;
    scene.now = kPictureStart + hours(30);
    scene.width = width;
    scene.height = height;
    const std::string file = to_png(scene).value();
    EXPECT_EQ(file.substr(16, 8),
              std::string({0, 0, char(width >> 8), char(width), 0, 0, char(height >> 8), char(height)}));
    EXPECT_TRUE(to_pdf(scene));
  }
  TimeSeriesScene nothing;
  EXPECT_TRUE(to_png(nothing));
  nothing.now = kPictureStart;
  nothing.lines = {{"more values than cells", {1, 2, 3}}};
  nothing.forecast.emplace();
  nothing.forecast->median = {1, 2};
  EXPECT_TRUE(to_png(nothing));
}

TEST(TimeSeriesPicture, RefusesWhatNoPictureCanShow) {
  TimeSeriesScene scene = bare(minutes(5), {1, 2});
  scene.width = 9000;
  EXPECT_EQ(to_png(scene).error().code, ErrorCode::kInvalidArgument);
  scene = bare(-minutes(5), {1, 2});
  EXPECT_EQ(to_png(scene).error().code, ErrorCode::kInvalidArgument);
  scene = bare(hours(24 * 365 * 200), {1, 2});
  EXPECT_EQ(to_png(scene).error().code, ErrorCode::kInvalidArgument);
  scene = bare(minutes(5), {1, 2});
  scene.forecast.emplace();
  scene.forecast->grid = {kPictureStart, Duration(1), 200'000'000};
  EXPECT_EQ(to_pdf(scene).error().code, ErrorCode::kInvalidArgument);
  scene = bare(minutes(5), {1, 2});
  scene.now = Timestamp::max();
  EXPECT_EQ(to_png(scene).error().code, ErrorCode::kInvalidArgument);
}

TEST(HeatColours, GrowSteadilyInLightness) {
  const auto luminance = [](Colour c) {
    return 0.2126 * double(c.rgb >> 16 & 255) + 0.7152 * double(c.rgb >> 8 & 255) + 0.0722 * double(c.rgb & 255);
  };
  for (double part = 0.05; part <= 1; part += 0.05) {
    EXPECT_LT(luminance(heat_colour(part, Theme::kLight)), luminance(heat_colour(part - 0.05, Theme::kLight))) << part;
    EXPECT_GT(luminance(heat_colour(part, Theme::kDark)), luminance(heat_colour(part - 0.05, Theme::kDark))) << part;
  }
  EXPECT_EQ(heat_colour(-1, Theme::kLight), heat_colour(0, Theme::kLight));
  EXPECT_EQ(heat_colour(7, Theme::kLight), heat_colour(1, Theme::kLight));
}

TEST(GroupMax, KeepsTheLargestOfEachGroup) {
  EXPECT_EQ(group_max(std::vector<double>{1, 9, 2, 3, kUnknown, 4}, 3), (std::vector<double>{9, 3, 4}));
  EXPECT_EQ(group_max(std::vector<double>{1, 2}, 5), (std::vector<double>{1, 2}));
  EXPECT_TRUE(std::isnan(group_max(std::vector<double>{kUnknown, kUnknown, 1, 1}, 2)[0]));
}

TEST(HeatmapPicture, StandsEmptyAndUnevenScenes) {
  HeatmapScene scene;
  EXPECT_TRUE(to_png(scene));
  scene.grid = {kPictureStart, hours(1), 24};
  scene.rows = {{"short", {1, 2}}, {"long", std::vector<double>(100, 50)}, {"strange", {kUnknown, -5, 1e18, INFINITY}}};
  EXPECT_TRUE(to_png(scene));
  scene.rows.assign(3000, {"server", std::vector<double>(24, 10)});
  EXPECT_TRUE(to_png(scene));
  scene.unit = Unit::kLoad;
  scene.rows.assign(1, {"zero", std::vector<double>(24, 0)});
  EXPECT_TRUE(to_png(scene));
}

TEST(Sparkline, StandsStrangeFigures) {
  for (const std::vector<double>& values :
       {std::vector<double>{}, {kUnknown}, {1}, {1, kUnknown, 3}, {-1e308, 1e308}, {INFINITY}, {-3, -3}}) {
    SparklineScene scene;
    scene.values = values;
    for (const Unit unit : {Unit::kPercent, Unit::kLoad, Unit::kBytesPerSecond}) {
      scene.unit = unit;
      EXPECT_TRUE(to_png(scene));
    }
  }
}

// The distance between two colours as someone sees them who lacks one kind of cone (Vienot et al. 1999, linear RGB).
double seen_distance(Colour a, Colour b, bool deutan) {
  const auto seen = [deutan](Colour c) {
    std::array<double, 3> linear;
    for (size_t i = 0; i < 3; ++i) linear[i] = std::pow(double(c.rgb >> (16 - 8 * i) & 255) / 255, 2.2);
    const double red_part = deutan ? 0.29275 : 0.11238;
    const double yellow = red_part * linear[0] + (1 - red_part) * linear[1];
    const double blue = linear[2] + (deutan ? -0.02234 : 0.004) * (linear[0] - linear[1]);
    return std::array<double, 2>{std::cbrt(std::max(0.0, yellow)), std::cbrt(std::max(0.0, blue))};
  };
  const auto x = seen(a), y = seen(b);
  return std::hypot(x[0] - y[0], 0.5 * (x[1] - y[1]));
}

TEST(Colours, OfTheFirstLinesDifferForColourBlindReaders) {
  for (const Theme theme : {Theme::kLight, Theme::kDark}) {
    const Palette& palette = palette_of(theme);
    for (const bool deutan : {false, true}) {
      for (size_t i = 0; i < 4; ++i) {
        for (size_t j = 0; j < i; ++j) {
          EXPECT_GT(seen_distance(palette.line(i), palette.line(j), deutan), 0.05) << i << " and " << j;
        }
      }
      EXPECT_GT(seen_distance(palette.line(0), palette.forecast, deutan), 0.1);
      EXPECT_GT(seen_distance(palette.line(0), palette.threshold, deutan), 0.1);
    }
  }
}

TEST(Colours, OfTextsStandOffTheirBackground) {
  const auto luminance = [](Colour c) {
    double sum = 0;
    const double weights[] = {0.2126, 0.7152, 0.0722};
    for (size_t i = 0; i < 3; ++i) {
      const double part = double(c.rgb >> (16 - 8 * i) & 255) / 255;
      sum += weights[i] * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
  };
  for (const Theme theme : {Theme::kLight, Theme::kDark}) {
    const Palette& palette = palette_of(theme);
    std::vector<std::pair<Colour, double>> texts = {
        {palette.ink, 7}, {palette.muted, 4.5}, {palette.forecast, 4}, {palette.threshold, 4.5}};
    for (const Colour line : palette.lines) texts.emplace_back(line, 3);  // large and bold
    for (const auto& [text, least] : texts) {
      const double a = luminance(text), b = luminance(palette.background);
      EXPECT_GE((std::max(a, b) + 0.05) / (std::min(a, b) + 0.05), least) << std::hex << text.rgb;
    }
  }
}

}  // namespace
}  // namespace mps::chart
