#include "chart/heatmap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "chart/plot.h"
#include "chart/time_series.h"

namespace mps::chart {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kLabelPartMax = 0.24;  // of the width, for the rows' names
constexpr double kColourSteps = 48;     // more can't be told apart, and a PNG's palette is small
constexpr double kLabelSizeMin = 23;

class HeatmapDrawing {
 public:
  HeatmapDrawing(Canvas& canvas, const Box& box, const HeatmapScene& scene)
      : canvas_(canvas), box_(box), scene_(scene), palette_(palette_of(scene.theme)) {}

  void draw() {
    Extremes all;
    for (const Line& row : scene_.rows) all.add(std::span(row.values).first(cells_of(row)));
    full_ = full_value(all);
    draw_titles();
    if (all.empty()) return draw_no_data();
    lay_out();
    draw_scale();
    draw_cells();
    draw_labels();
  }

 private:
  size_t cells_of(const Line& row) const { return std::min(row.values.size(), scene_.grid.size); }

  double full_value(const Extremes& all) const {
    if (scene_.full && *scene_.full > 0 && std::isfinite(*scene_.full)) return *scene_.full;
    if (scene_.unit == Unit::kPercent) return 100;
    return all.empty() || all.max <= 0 ? 1 : all.max;
  }

  void draw_titles() {
    const double left = box_.left + look_.margin, width = std::max(1.0, box_.width() - 2 * look_.margin);
    top_ = box_.top + look_.margin;
    TextStyle title{look_.title, palette_.ink, true};
    title.width_max = width;
    canvas_.text(scene_.title, {left, top_ + look_.title * 0.5}, title);
    top_ += look_.title * 1.2;
    TextStyle subtitle{look_.subtitle, palette_.muted};
    subtitle.width_max = width * 0.6;
    canvas_.text(scene_.subtitle, {left, top_ + look_.subtitle * 0.6}, subtitle);
    scale_y_ = top_ + look_.subtitle * 0.6;
    top_ += look_.subtitle * 1.9;
    TextStyle corner{look_.small, palette_.muted};
    corner.width_max = width;
    canvas_.text(scene_.corner, {left, box_.bottom - look_.margin - look_.small * 0.45}, corner);
  }

  void lay_out() {
    double bottom = box_.bottom - look_.margin - look_.label * 1.35;
    if (!scene_.corner.empty()) bottom -= look_.small * 1.5;
    bottom = std::max(bottom, top_ + 1);
    rows_shown_ = std::min(scene_.rows.size(), static_cast<size_t>(std::max(1.0, (bottom - top_) / 2)));
    row_height_ = std::min((bottom - top_) / static_cast<double>(rows_shown_), look_.label * 3);
    label_size_ = std::clamp(row_height_ * 0.8, kLabelSizeMin, look_.label);
    double gutter = 0;
    for (size_t row = 0; row < rows_shown_; row += label_stride()) {
      gutter = std::max(gutter, canvas_.text_width(scene_.rows[source_row(row)].label, {label_size_, palette_.ink}));
    }
    gutter = std::min(gutter, box_.width() * kLabelPartMax);
    const double left = box_.left + look_.margin + (gutter > 0 ? gutter + look_.label * 0.5 : 0);
    plot_.area = {left, top_, std::max(left + 1, box_.right - look_.margin),
                  top_ + row_height_ * static_cast<double>(rows_shown_)};
    plot_.time = scene_.grid.range();
  }

  size_t source_row(size_t shown) const { return shown * scene_.rows.size() / rows_shown_; }
  size_t label_stride() const {
    return static_cast<size_t>(std::max(1.0, std::ceil(label_size_ * 1.05 / row_height_)));
  }

  // The colours and what they mean, at the right of the subtitle.
  void draw_scale() {
    TextStyle label{look_.small, palette_.muted};
    label.align = Align::kRight;
    const double gap = look_.small * 0.4, height = look_.small * 0.9, width = box_.width() * 0.14;
    double x = box_.right - look_.margin;
    x -= canvas_.text(in_words(short_value(full_, scene_.unit), scene_.words), {x, scale_y_}, label) + gap;
    const double step = width / kColourSteps;
    for (double i = 0; i < kColourSteps; ++i) {
      canvas_.fill({x - width + i * step, scale_y_ - height / 2, x - width + (i + 1) * step, scale_y_ + height / 2},
                   heat_colour((i + 0.5) / kColourSteps, scene_.theme));
    }
    x -= width + gap;
    canvas_.text(scene_.unit == Unit::kPercent ? "0 %" : "0", {x, scale_y_}, label);
  }

  // What a shown row has: the largest of the rows that share its place.
  std::vector<double> values_of(size_t shown) const {
    const size_t end = std::max(source_row(shown) + 1, source_row(shown + 1));
    std::vector<double> values(scene_.grid.size, kNan);
    for (size_t row = source_row(shown); row < end; ++row) {
      const Line& line = scene_.rows[row];
      for (size_t i = 0; i < cells_of(line); ++i) {
        if (std::isfinite(line.values[i]) && !(values[i] >= line.values[i])) values[i] = line.values[i];
      }
    }
    return values;
  }

  void draw_cells() {
    const double between = row_height_ > 12 ? 2 : 0;  // a thin gap, where there is room for one
    for (size_t row = 0; row < rows_shown_; ++row) {
      const double top = plot_.area.top + static_cast<double>(row) * row_height_;
      const auto columns_max = static_cast<size_t>(std::max(1.0, plot_.area.width() * canvas_.device_scale()));
      const std::vector<double> values = group_max(values_of(row), columns_max);
      const double width = plot_.area.width() / static_cast<double>(values.size());
      const double beside = width > 12 ? 2 : 0;
      for (size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) continue;
        const double left = plot_.area.left + static_cast<double>(i) * width;
        canvas_.fill({left, top, left + width - beside, top + row_height_ - between},
                     heat_colour(values[i] / full_, scene_.theme));
      }
    }
  }

  void draw_labels() {
    TextStyle name{label_size_, palette_.ink};
    name.align = Align::kRight;
    name.width_max = box_.width() * kLabelPartMax;
    for (size_t row = 0; row < rows_shown_; row += label_stride()) {
      const double y = plot_.area.top + (static_cast<double>(row) + 0.5) * row_height_;
      canvas_.text(scene_.rows[source_row(row)].label, {plot_.area.left - look_.label * 0.5, y}, name);
    }
    const AxesText axes = {{look_.label, palette_.muted}, palette_.ink, plot_.area.left, box_.right};
    paint_time_labels(canvas_, plot_, fitting_time_ticks(canvas_, plot_, scene_.zone, scene_.words, axes), axes);
  }

  void draw_no_data() {
    TextStyle sentence{look_.title * 0.85, palette_.muted};
    sentence.align = Align::kCentre;
    sentence.width_max = std::max(1.0, box_.width() - 2 * look_.margin);
    canvas_.text(scene_.words.no_data, {(box_.left + box_.right) / 2, (top_ + box_.bottom) / 2}, sentence);
  }

  Canvas& canvas_;
  const Box& box_;
  const HeatmapScene& scene_;
  const Palette& palette_;
  const Look look_;
  Plot plot_;
  double full_ = 1, top_ = 0, scale_y_ = 0, row_height_ = 0, label_size_ = 0;
  size_t rows_shown_ = 0;
};

}  // namespace

Colour heat_colour(double part, Theme theme) {
  static constexpr std::array<uint32_t, 5> kLight = {0xFFF6DC, 0xFDD58A, 0xF5943A, 0xC94F12, 0x6B1B05};
  static constexpr std::array<uint32_t, 5> kDark = {0x24323F, 0x5E3B33, 0xB35A25, 0xF2A23C, 0xFFF0A8};
  const auto& stops = theme == Theme::kDark ? kDark : kLight;
  const double steps = std::floor(std::clamp(part, 0.0, 1.0) * kColourSteps) / kColourSteps;
  const double at = steps * static_cast<double>(stops.size() - 1);
  const size_t below = std::min(static_cast<size_t>(at), stops.size() - 2);
  return mix({stops[below + 1]}, {stops[below]}, at - static_cast<double>(below));
}

std::vector<double> group_max(std::span<const double> values, size_t count) {
  if (values.size() <= count || count == 0) return {values.begin(), values.end()};
  std::vector<double> groups(count, kNan);
  for (size_t i = 0; i < values.size(); ++i) {
    double& group = groups[i * count / values.size()];
    if (std::isfinite(values[i]) && !(group >= values[i])) group = values[i];
  }
  return groups;
}

Result<void> check(const HeatmapScene& scene) {
  TimeSeriesScene same;
  same.grid = scene.grid;
  return check(same);
}

void draw_heatmap(Canvas& canvas, const Box& box, const HeatmapScene& scene) {
  HeatmapDrawing(canvas, box, scene).draw();
}

}  // namespace mps::chart
