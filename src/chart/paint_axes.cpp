#include <algorithm>

#include "chart/plot.h"

namespace mps::chart {
namespace {

constexpr double kLabelGap = 0.45;  // between a label and the plot, of the label's size

// Where a label stands: centred under its tick, moved inside where that would stick out.
struct Place {
  double left, right;
};

Place place_of(Canvas& canvas, const Plot& plot, const TimeTick& tick, const AxesText& text) {
  TextStyle style = text.label;
  style.bold = tick.strong;
  const double width = canvas.text_width(tick.label, style);
  const double left = std::clamp(plot.x(tick.time) - width / 2, text.left, std::max(text.left, text.right - width));
  return {left, left + width};
}

// Takes the labels away that would touch others; dates stay first.
size_t hide_overlapping(Canvas& canvas, const Plot& plot, std::vector<TimeTick>& ticks, const AxesText& text) {
  const double gap = text.label.size * 0.6;
  std::vector<Place> taken;
  size_t hidden = 0;
  for (const bool strong : {true, false}) {
    for (TimeTick& tick : ticks) {
      if (tick.strong != strong) continue;
      const Place place = place_of(canvas, plot, tick, text);
      const bool free = std::none_of(taken.begin(), taken.end(), [&](const Place& other) {
        return place.left < other.right + gap && other.left < place.right + gap;
      });
      if (free) {
        taken.push_back(place);
      } else {
        tick.label.clear();
        ++hidden;
      }
    }
  }
  return hidden;
}

}  // namespace

std::vector<TimeTick> fitting_time_ticks(Canvas& canvas, const Plot& plot, const TimeZone& zone, const Words& words,
                                         const AxesText& text) {
  const double label_width = canvas.text_width("00:00", text.label);
  auto ticks_max = static_cast<size_t>(std::clamp(plot.area.width() / (label_width * 1.5), 2.0, 24.0));
  for (;; --ticks_max) {
    std::vector<TimeTick> ticks = time_ticks(plot.time, zone, ticks_max, words);
    if (hide_overlapping(canvas, plot, ticks, text) <= 1 || ticks_max <= 2) return ticks;
  }
}

void paint_grid(Canvas& canvas, const Plot& plot, std::span<const TimeTick> times, const Palette& palette) {
  for (const TimeTick& tick : times) {
    canvas.vertical(plot.x(tick.time), plot.area.top, plot.area.bottom,
                    {tick.strong ? palette.grid_strong : palette.grid, 1.5, {}});
  }
  for (const double value : plot.axis.ticks()) {
    const bool base = value == 0 || value == plot.axis.low;
    canvas.horizontal(plot.y(value), plot.area.left, plot.area.right,
                      {base ? palette.grid_strong : palette.grid, base ? 2.0 : 1.5, {}});
  }
}

void paint_time_labels(Canvas& canvas, const Plot& plot, std::span<const TimeTick> times, const AxesText& text) {
  TextStyle style = text.label;
  style.anchor = Anchor::kBaseline;
  for (const TimeTick& tick : times) {
    if (tick.label.empty()) continue;
    style.bold = tick.strong;
    style.colour = tick.strong ? text.date : text.label.colour;
    canvas.text(tick.label, {place_of(canvas, plot, tick, text).left, plot.area.bottom + style.size * 1.3}, style);
  }
}

double value_labels_width(Canvas& canvas, const ValueAxis& axis, const TextStyle& style) {
  double widest = 0;
  for (const double value : axis.ticks()) widest = std::max(widest, canvas.text_width(tick_label(axis, value), style));
  return widest + style.size * kLabelGap;
}

void paint_axis_labels(Canvas& canvas, const Plot& plot, std::span<const TimeTick> times, const AxesText& text) {
  TextStyle style = text.label;
  style.align = Align::kRight;
  for (const double value : plot.axis.ticks()) {
    canvas.text(tick_label(plot.axis, value), {plot.area.left - style.size * kLabelGap, plot.y(value)}, style);
  }
  paint_time_labels(canvas, plot, times, text);
}

}  // namespace mps::chart
