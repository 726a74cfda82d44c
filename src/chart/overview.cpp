#include "chart/overview.h"

#include <algorithm>
#include <cmath>

#include "chart/time_series.h"

namespace mps::chart {
namespace {

constexpr size_t kColumns = 2;
constexpr double kBetweenX = 48, kBetweenY = 26;

Look panel_look() {
  Look look;
  look.margin = 0;
  look.title = 31;
  look.subtitle = 22;
  look.label = 25;
  look.small = 22;
  look.line = 3.5;
  look.value_intervals = 2;
  look.panel = true;
  return look;
}

class OverviewDrawing {
 public:
  OverviewDrawing(Canvas& canvas, const Box& box, const OverviewScene& scene)
      : canvas_(canvas),
        scene_(scene),
        palette_(palette_of(scene.theme)),
        inside_{box.left + look_.margin, box.top + look_.margin, std::max(box.left + 1, box.right - look_.margin),
                box.bottom - look_.margin * 0.8} {}

  void draw() {
    draw_texts();
    if (scene_.panels.empty()) {
      TextStyle sentence = style(look_.title * 0.85, palette_.muted);
      sentence.align = Align::kCentre;
      canvas_.text(scene_.words.no_data, {(inside_.left + inside_.right) / 2, (inside_.top + inside_.bottom) / 2},
                   sentence);
      return;
    }
    Look look = panel_look();
    for (const TimeSeriesScene& panel : scene_.panels) {
      look.left_gutter_min = std::max(look.left_gutter_min, left_gutter(canvas_, panel, look, scene_.words));
    }
    for (size_t i = 0; i < scene_.panels.size(); ++i) {
      draw_time_series(canvas_, panel_box(i), scene_.panels[i], look, scene_.theme, scene_.words);
    }
  }

 private:
  TextStyle style(double size, Colour colour, bool bold = false) const {
    TextStyle text{size, colour, bold};
    text.width_max = inside_.width();
    return text;
  }

  // Takes the room of the texts away from `inside_`.
  void draw_texts() {
    canvas_.text(scene_.title, {inside_.left, inside_.top + look_.title * 0.5}, style(look_.title, palette_.ink, true));
    if (!scene_.title.empty()) inside_.top += look_.title * 1.2;
    canvas_.text(scene_.subtitle, {inside_.left, inside_.top + look_.subtitle * 0.6},
                 style(look_.subtitle, palette_.muted));
    if (!scene_.subtitle.empty()) inside_.top += look_.subtitle * 1.35;
    inside_.top += look_.label * 0.5;
    canvas_.text(scene_.corner, {inside_.left, inside_.bottom - look_.small * 0.45},
                 style(look_.small, palette_.muted));
    if (!scene_.corner.empty()) inside_.bottom -= look_.small * 1.6;
  }

  Box panel_box(size_t i) const {
    const size_t columns = std::min(kColumns, scene_.panels.size());
    const size_t rows = (scene_.panels.size() + columns - 1) / columns;
    const double width = (inside_.width() + kBetweenX) / static_cast<double>(columns);
    const double height = (inside_.height() + kBetweenY) / static_cast<double>(rows);
    const double left = inside_.left + static_cast<double>(i % columns) * width;
    const double top = inside_.top + static_cast<double>(i / columns) * height;
    return {left, top, left + width - kBetweenX, top + height - kBetweenY};
  }

  Canvas& canvas_;
  const OverviewScene& scene_;
  const Palette& palette_;
  const Look look_;
  Box inside_;
};

}  // namespace

Result<void> check(const OverviewScene& scene) {
  for (const TimeSeriesScene& panel : scene.panels) MPS_TRY_VOID(check(panel));
  return {};
}

void draw_overview(Canvas& canvas, const Box& box, const OverviewScene& scene) {
  OverviewDrawing(canvas, box, scene).draw();
}

void draw_sparkline(Canvas& canvas, const Box& box, const SparklineScene& scene) {
  const Palette& palette = palette_of(scene.theme);
  const double pixel = 1 / canvas.device_scale(), line = 2 * pixel, inset = 4 * pixel;
  Extremes extremes;
  extremes.add(scene.values);
  if (extremes.empty()) {
    canvas.horizontal((box.top + box.bottom) / 2, box.left + inset, box.right - inset, {palette.grid_strong, line, {}});
    return;
  }
  Plot plot;
  const Grid grid{Timestamp(), std::chrono::seconds(1), scene.values.size()};
  plot.time = grid.range();
  plot.axis = value_axis(extremes, scene.unit, 2);
  if (scene.unit != Unit::kPercent) plot.axis.high = std::max(extremes.max, plot.axis.low + plot.axis.step);
  plot.area = {box.left + inset, box.top + inset, box.right - inset, box.bottom - inset};
  canvas.horizontal(plot.area.bottom, plot.area.left, plot.area.right, {palette.grid_strong, pixel, {}});
  paint_line(canvas, plot, grid, scene.values, {palette.line(0), palette.background, line});
  for (size_t i = scene.values.size(); i > 0; --i) {
    if (!std::isfinite(scene.values[i - 1])) continue;
    canvas.dot({plot.cell_x(grid, i - 1), plot.y(scene.values[i - 1])}, 3 * pixel, palette.line(0));
    break;
  }
}

}  // namespace mps::chart
