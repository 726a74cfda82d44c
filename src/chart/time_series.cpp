#include "chart/time_series.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "chart/layout.h"

namespace mps::chart {
namespace {

constexpr double kGutterPartMax = 0.26;  // of the width, for the labels at line ends

// The newest figure of a line and where it is drawn.
struct LineEnd {
  size_t cell = 0;
  double value = 0;
};

std::optional<LineEnd> end_of(std::span<const double> values, size_t cells) {
  for (size_t i = std::min(values.size(), cells); i > 0; --i) {
    if (std::isfinite(values[i - 1])) return LineEnd{i - 1, values[i - 1]};
  }
  return std::nullopt;
}

// What stands in the gutter at the right of the plot.
struct EndLabel {
  std::string name;    // gives way to an ellipsis where both are too long
  std::string figure;  // the newest value; "" for none
  double value = 0;
  Colour colour;
  bool above_axis = false;  // a threshold that the axis does not reach
};

class TimeSeriesDrawing {
 public:
  TimeSeriesDrawing(Canvas& canvas, const Box& box, const TimeSeriesScene& scene, const Look& look, Theme theme,
                    const Words& words)
      : canvas_(canvas), box_(box), scene_(scene), look_(look), palette_(palette_of(theme)), words_(words) {
    plot_.time = time_range_of(scene);
    const Extremes extremes = extremes_of(scene);
    has_data_ = !extremes.empty() && has_figures();
    plot_.axis = value_axis(extremes, scene.unit, look.value_intervals);
    plot_.axis.unit = in_words(plot_.axis.unit, words);
    forecast_continues_ = scene.forecast && scene.forecast->grid.end() > scene.grid.end();
  }

  Plot draw() {
    collect_end_labels();
    lay_out();
    const AxesText axes = {{look_.label, palette_.muted}, palette_.ink, plot_.area.left - left_gutter_, box_.right};
    const std::vector<TimeTick> times = fitting_time_ticks(canvas_, plot_, scene_.zone, words_, axes);
    draw_titles();
    draw_shades();
    paint_grid(canvas_, plot_, times, palette_);
    paint_axis_labels(canvas_, plot_, times, axes);
    draw_figures();
    draw_now();
    draw_end_labels();
    if (!has_data_) draw_no_data();
    return plot_;
  }

 private:
  TextStyle style(double size, Colour colour, bool bold = false) const { return {size, colour, bold}; }
  std::string figure_of(double value) const { return in_words(short_value(value, scene_.unit), words_); }

  bool has_figures() const {
    for (const Line& line : scene_.lines) {
      if (end_of(line.values, scene_.grid.size)) return true;
    }
    return scene_.forecast && end_of(scene_.forecast->median, scene_.forecast->grid.size);
  }

  // Several lines that end in the middle of the plot, where the forecast of the first goes on: their names stand above.
  bool needs_legend() const { return forecast_continues_ && scene_.lines.size() > 1 && !look_.panel; }

  bool is_recent(const LineEnd& end) const {
    return plot_.cell_x(scene_.grid, end.cell) > plot_.area.right - plot_.area.width() * 0.08;
  }

  void collect_end_labels() {
    plot_.area = {0, 0, 1, 1};  // enough for is_recent()
    for (size_t i = 0; i < scene_.lines.size() && !forecast_continues_ && !look_.panel; ++i) {
      const Line& line = scene_.lines[i];
      const auto end = end_of(line.values, scene_.grid.size);
      if (!end) continue;
      const std::string figure = is_recent(*end) ? figure_of(end->value) : "";
      end_labels_.push_back({printable(line.label), figure, end->value, palette_.line(i)});
    }
    if (scene_.forecast && !look_.panel) {
      if (const auto end = end_of(scene_.forecast->median, scene_.forecast->grid.size)) {
        const std::string name = forecast_continues_ ? "" : words_.forecast;
        end_labels_.push_back({name, figure_of(end->value), end->value, palette_.forecast});
      }
    }
    if (scene_.threshold && std::isfinite(*scene_.threshold) && !look_.panel) {
      const bool above = *scene_.threshold > plot_.axis.high;
      const std::string figure = figure_of(*scene_.threshold);
      end_labels_.push_back({above ? "↑" : "", figure, *scene_.threshold, palette_.threshold, above});
    }
  }

  bool has_strip() const { return scene_.now || forecast_continues_; }

  void lay_out() {
    double top = box_.top + look_.margin;
    title_y_ = top + look_.title * 0.5;
    if (!scene_.title.empty()) top += look_.title * 1.2;
    subtitle_y_ = top + look_.subtitle * 0.6;
    if (!scene_.subtitle.empty()) top += look_.subtitle * 1.35;
    legend_y_ = top + look_.label * 0.8;
    if (needs_legend()) top += look_.label * 1.4;
    strip_y_ = top + look_.label * 0.8;
    if (has_strip()) top += look_.label * 1.05;
    top += look_.label * (look_.panel ? 0.6 : 0.8);

    double bottom = box_.bottom - look_.margin;
    corner_y_ = bottom - look_.small * 0.45;
    if (!scene_.corner.empty()) bottom -= look_.small * 1.5;
    bottom -= look_.label * 1.35;

    left_gutter_ =
        std::max(look_.left_gutter_min, value_labels_width(canvas_, plot_.axis, style(look_.label, palette_.muted)));
    double gutter = 0;
    for (const EndLabel& end : end_labels_) {
      gutter = std::max(gutter, name_width(end) + figure_width(end));
    }
    gutter_ = std::min(gutter, box_.width() * kGutterPartMax);
    const double between = gutter_ > 0 ? look_.label * 0.6 : look_.line;
    const double left = box_.left + look_.margin + left_gutter_;
    plot_.area = {left, top, std::max(left + 1, box_.right - look_.margin - gutter_ - between),
                  std::max(top + 1, bottom)};
  }

  void draw_titles() {
    const double left = box_.left + look_.margin, width = std::max(1.0, box_.width() - 2 * look_.margin);
    TextStyle title = style(look_.title, palette_.ink, true);
    title.width_max = width;
    if (look_.panel) title.width_max -= draw_values_in_title();
    canvas_.text(scene_.title, {left, title_y_}, title);
    TextStyle subtitle = style(look_.subtitle, palette_.muted);
    subtitle.width_max = width;
    canvas_.text(scene_.subtitle, {left, subtitle_y_}, subtitle);
    TextStyle corner = style(look_.small, palette_.muted);
    corner.width_max = width;
    canvas_.text(scene_.corner, {left, corner_y_}, corner);
    if (needs_legend()) draw_legend(left, width);
  }

  // "rx 1.2 MB/s  tx 30 KB/s" in the lines' colours, at the right; returns its width.
  double draw_values_in_title() {
    const double right = box_.right - look_.margin, gap = look_.label * 0.6;
    double x = right;
    for (size_t i = scene_.lines.size(); i > 0; --i) {
      const Line& line = scene_.lines[i - 1];
      const auto end = end_of(line.values, scene_.grid.size);
      if (!end) continue;
      std::string text = printable(line.label);
      if (is_recent(*end)) text += (text.empty() ? "" : " ") + figure_of(end->value);
      TextStyle value = style(scene_.lines.size() > 1 ? look_.label : look_.title, palette_.line(i - 1), true);
      value.align = Align::kRight;
      value.width_max = std::max(1.0, x - box_.left - box_.width() * 0.25);
      if (!text.empty()) x -= canvas_.text(text, {x, title_y_}, value) + gap;
    }
    return right - x;
  }

  void draw_legend(double left, double width) {
    const double mark = look_.label, gap = look_.label * 0.4;
    const double share = width / static_cast<double>(scene_.lines.size());
    double x = left;
    for (size_t i = 0; i < scene_.lines.size(); ++i) {
      TextStyle label = style(look_.label, palette_.ink);
      label.width_max = std::max(1.0, share - mark - 3 * gap);
      canvas_.horizontal(legend_y_, x, x + mark, {palette_.line(i), look_.line * 1.5, {}});
      x += mark + gap;
      x += canvas_.text(scene_.lines[i].label, {x, legend_y_}, label) + 2 * gap;
    }
  }

  void draw_shades() {
    for (const TimeRange& range : scene_.shaded) {
      if (range.to < plot_.time.from || range.from > plot_.time.to) continue;
      const double left = plot_.x(std::max(range.from, plot_.time.from));
      const double right = plot_.x(std::min(range.to, plot_.time.to));
      canvas_.fill({left, plot_.area.top, std::max(right, left + 4), plot_.area.bottom}, palette_.incident);
    }
  }

  // Where the forecast starts: at the first line's end, if that is near.
  std::optional<Point> history_end() const {
    if (!forecast_continues_ || scene_.lines.empty()) return std::nullopt;
    const auto end = end_of(scene_.lines.front().values, scene_.grid.size);
    if (!end) return std::nullopt;
    const Grid& grid = scene_.forecast->grid;
    const Duration distance = grid.start - scene_.grid.time_at(end->cell + 1);
    if (distance < Duration::zero() || distance > 2 * (scene_.grid.step + grid.step)) return std::nullopt;
    return Point{plot_.cell_x(scene_.grid, end->cell), plot_.y(end->value)};
  }

  void draw_figures() {
    const double bleed = look_.line;
    const Canvas::Clip clip(canvas_, {plot_.area.left - bleed, plot_.area.top - bleed, plot_.area.right + bleed,
                                      plot_.area.bottom + bleed});
    if (scene_.threshold && std::isfinite(*scene_.threshold) && *scene_.threshold <= plot_.axis.high &&
        *scene_.threshold >= plot_.axis.low) {
      const std::vector<double> dashes = {14, 8};
      canvas_.horizontal(plot_.y(*scene_.threshold), plot_.area.left, plot_.area.right,
                         {palette_.threshold, 3, dashes});
    }
    if (scene_.forecast) {
      paint_forecast(canvas_, plot_, *scene_.forecast, history_end(),
                     {palette_.forecast, palette_.background, look_.line});
    }
    for (size_t i = scene_.lines.size(); i > 0; --i) {  // the first on top
      paint_line(canvas_, plot_, scene_.grid, scene_.lines[i - 1].values,
                 {palette_.line(i - 1), palette_.background, look_.line});
    }
  }

  void draw_now() {
    double now_right = plot_.area.right, line_top = strip_y_ - look_.label * 0.5;
    if (scene_.now) now_right = plot_.x(*scene_.now);
    const double now_x = now_right, gap = look_.label * 0.4;
    if (forecast_continues_) {
      TextStyle label = style(look_.label, palette_.forecast, true);
      // A forecast is made when a cell closes, a little before now.
      const double start = std::max(scene_.now ? now_x : plot_.area.left, plot_.x(scene_.forecast->grid.start));
      const double width = canvas_.text_width(words_.forecast, label);
      const double left = std::min(start + gap, box_.right - look_.margin - width);
      canvas_.text(words_.forecast, {left, strip_y_}, label);
      now_right = std::min(now_right, left - gap);
      if (left < now_x) line_top = plot_.area.top;  // a word that had no room on its right is not struck through
    }
    if (scene_.now) canvas_.vertical(now_x, line_top, plot_.area.bottom, {palette_.muted, 2, {}});
    if (scene_.now) {
      TextStyle label = style(look_.label, palette_.ink, true);
      const std::string text = now_text();
      const double left = std::max(box_.left, now_right - gap - canvas_.text_width(text, label));
      canvas_.text(text, {left, strip_y_}, label);
    }
  }

  // With a forecast the figure of this moment has no other place.
  std::string now_text() const {
    if (!forecast_continues_ || scene_.lines.size() != 1 || look_.panel) return words_.now;
    const auto end = end_of(scene_.lines.front().values, scene_.grid.size);
    const bool fresh = end && *scene_.now - scene_.grid.time_at(end->cell) <= 3 * scene_.grid.step;
    return fresh ? fmt::format("{} {}", words_.now, figure_of(end->value)) : words_.now;
  }

  // With the space after it.
  double name_width(const EndLabel& end) {
    const double space = end.name.empty() || end.figure.empty() ? 0 : look_.label * 0.25;
    return canvas_.text_width(end.name, style(look_.label, end.colour, true)) + space;
  }
  double figure_width(const EndLabel& end) {
    return canvas_.text_width(end.figure, style(look_.label, end.colour, true));
  }

  void draw_end_label(const EndLabel& end, Point at) {
    TextStyle label = style(look_.label, end.colour, true);
    label.width_max = std::max(1.0, gutter_);
    const double name = std::clamp(gutter_ - figure_width(end), 0.0, name_width(end));
    canvas_.text(end.figure, {at.x + name, at.y}, label);
    label.width_max = std::max(1.0, name - (end.figure.empty() ? 0 : look_.label * 0.25));
    canvas_.text(end.name, at, label);
  }

  void draw_end_labels() {
    std::vector<double> wanted;
    for (const EndLabel& end : end_labels_) {
      wanted.push_back(end.above_axis ? plot_.area.top
                                      : std::clamp(plot_.y(end.value), plot_.area.top, plot_.area.bottom));
    }
    const std::vector<double> ys = spread(wanted, look_.label * 1.15, plot_.area.top, plot_.area.bottom);
    const double between = look_.label * 0.6;
    for (size_t i = 0; i < end_labels_.size(); ++i) {
      draw_end_label(end_labels_[i], {plot_.area.right + between, ys[i]});
      if (std::abs(ys[i] - wanted[i]) > look_.label * 0.2) {
        const Point leader[] = {{plot_.area.right + between * 0.15, wanted[i]},
                                {plot_.area.right + between * 0.75, ys[i]}};
        canvas_.polyline(leader, {end_labels_[i].colour, 2, {}});
      }
    }
  }

  void draw_no_data() {
    TextStyle sentence = style(look_.title * 0.85, palette_.muted);
    sentence.align = Align::kCentre;
    sentence.width_max = std::max(1.0, plot_.area.width());
    const double half = canvas_.text_width(words_.no_data, sentence) / 2 + look_.label,
                 middle = (plot_.area.top + plot_.area.bottom) / 2;
    const double centre = (plot_.area.left + plot_.area.right) / 2;
    canvas_.fill({centre - half, middle - look_.title * 0.8, centre + half, middle + look_.title * 0.8},
                 palette_.background);
    canvas_.text(words_.no_data, {centre, middle}, sentence);
  }

  Canvas& canvas_;
  const Box& box_;
  const TimeSeriesScene& scene_;
  const Look& look_;
  const Palette& palette_;
  const Words& words_;
  Plot plot_;
  std::vector<EndLabel> end_labels_;
  bool has_data_ = false, forecast_continues_ = false;
  double left_gutter_ = 0, gutter_ = 0;
  double title_y_ = 0, subtitle_y_ = 0, legend_y_ = 0, strip_y_ = 0, corner_y_ = 0;
};

}  // namespace

double left_gutter(Canvas& canvas, const TimeSeriesScene& scene, const Look& look, const Words& words) {
  ValueAxis axis = value_axis(extremes_of(scene), scene.unit, look.value_intervals);
  axis.unit = in_words(axis.unit, words);
  return value_labels_width(canvas, axis, {look.label, {}});
}

Plot draw_time_series(Canvas& canvas, const Box& box, const TimeSeriesScene& scene, const Look& look, Theme theme,
                      const Words& words) {
  return TimeSeriesDrawing(canvas, box, scene, look, theme, words).draw();
}

}  // namespace mps::chart
