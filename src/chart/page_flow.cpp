#include "chart/page_flow.h"

#include <algorithm>

namespace mps::chart {

PageFlow::PageFlow(double page_width, double page_height, const PrintLook& look)
    : page_width_(page_width), bottom_(page_height - look.margin - look.small * 2), look_(look), y_(look.margin) {}

void PageFlow::place(double height, DrawAt draw) {
  keep_together(height);
  const Box box{look_.margin, y_, page_width_ - look_.margin, y_ + height};
  pages_.back().push_back({box, std::move(draw)});
  y_ += height;
}

void PageFlow::space(double height) {
  if (!at_top()) y_ += height;
}

void PageFlow::break_page() {
  if (at_top()) return;
  pages_.emplace_back();
  y_ = look_.margin;
}

void PageFlow::keep_together(double height) {
  if (height > left()) break_page();
}

void PageFlow::draw_page(size_t page, Canvas& canvas) const {
  for (const Placed& placed : pages_[page]) placed.draw(canvas, placed.box);
}

Colour colour_of(Tone tone) {
  const Palette& palette = palette_of(Theme::kLight);
  switch (tone) {
    case Tone::kPlain:
      return palette.ink;
    case Tone::kMuted:
      return palette.muted;
    case Tone::kGood:
      return palette.line(2);
    case Tone::kWarning:
      return palette.forecast;
    case Tone::kBad:
      break;
  }
  return palette.threshold;
}

}  // namespace mps::chart
